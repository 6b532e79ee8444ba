/// The order in which the positions of an image are decoded. As JSON it is its name, or the list of its positions.
public enum DecodingOrder: Sendable, Equatable {
  /// At random, from the seed: the same for all images of a request.
  case random
  /// From left to right and from top to bottom.
  case raster
  /// From the centre outwards, clockwise, in rings of squares.
  case spiral
  /// By the distance from the centre, the nearest first; the equally far in the random order.
  case center
  /// Where the controls say most first, see ``ActiveControl/detail``; those that say as much in the random order. An image of a
  /// batch has an order of its own where its control has.
  case edges
  /// By certainty: each step predicts all positions that are left, draws a code for each, and keeps those whose code is the most
  /// likely (MaskGIT, arXiv 2202.04200, section 3.2), up to ``SamplingSettings/confidenceNoise``. Each image has an order of its
  /// own. It takes many times as long as another order.
  case confidence
  /// A permutation of the raster positions: the k-th number is the position that is decoded k-th.
  case given([Int])

  /// The orders that have a name.
  static let named: [(name: String, order: DecodingOrder)] = [
    ("random", .random), ("raster", .raster), ("spiral", .spiral), ("center", .center), ("edges", .edges),
    ("confidence", .confidence),
  ]

  /// The names of the orders that have one.
  public static var names: [String] { named.map(\.name) }

  /// The order of a name; nil where there is none.
  public init?(named name: String) {
    guard let order = Self.named.first(where: { $0.name == name })?.order else { return nil }
    self = order
  }

  /// The name; `given` where the positions are.
  public var name: String { Self.named.first { $0.order == self }?.name ?? "given" }

  /// Reads positions from a `.npy` file of integers, `[tokens]` or `[rows, columns]` of the grid of codes, row by row: the k-th
  /// number is the raster position that is decoded k-th.
  ///
  /// - Throws: ``/ARPGFiles/FileError``, or ``/ARPGCheckpoints/NPYError`` where they are not each position once.
  public init(contentsOf path: String, for layout: DecoderLayout) throws {
    // Integers of 64 bits behind the longest header.
    let file = try NPYFile(contentsOf: path, maxBytes: 8 * layout.tokens + 1 << 17)
    let shapes = [[layout.tokens], [layout.rows, layout.columns]]
    guard shapes.contains(file.shape) else {
      throw NPYError(
        path: path, found: "an array of the shape \(file.shape)",
        expected: "\(shapes[0]) or \(shapes[1]), the positions in the order of decoding")
    }
    if let fault = Self.fault(of: file.values, tokens: layout.tokens) {
      throw NPYError(path: path, found: fault, expected: "each position from 0 to \(layout.tokens - 1) once")
    }
    self = .given(file.values)
  }

  /// What keeps positions from being each one of `0..<tokens` once; nil where nothing does.
  private static func fault(of positions: [Int], tokens: Int) -> String? {
    guard positions.count == tokens else { return "\(positions.count) positions" }
    var isSeen = Array(repeating: false, count: tokens)
    for position in positions {
      guard isSeen.indices.contains(position) else { return "the position \(position)" }
      if isSeen[position] { return "the position \(position) twice" }
      isSeen[position] = true
    }
    return nil
  }

  /// Checks the order against a decoder.
  func validate(for decoder: any ImageDecoder) throws(SamplingError) {
    let layout = decoder.layout, family = type(of: decoder).architecture
    switch (layout.order, self) {
    case (.raster, .raster): break
    case (.raster, _):
      throw .outOfRange(
        setting: "order", found: name,
        expected: "raster with a decoder of \(family), which decodes from the first position to the last")
    case (.any, .confidence):
      let names = Self.names.filter { $0 != name }.joined(separator: ", ")
      throw .outOfRange(
        setting: "order", found: name,
        expected:
          "\(names) or given positions with a decoder of \(family), whose predictions in a step depend on each other")
    case (_, .given(let positions)):
      if let fault = Self.fault(of: positions, tokens: layout.tokens) {
        throw .mismatch("order", found: fault, expected: "each position from 0 to \(layout.tokens - 1) once")
      }
    default: break
    }
  }
}

extension DecodingOrder: Codable {
  /// Reads a name or positions.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let name = try? container.decode(String.self) else {
      self = .given(try container.decode([Int].self))
      return
    }
    guard let order = Self(named: name) else {
      throw ConfigurationError.invalid(
        field: "order", found: "'\(name)'", expected: "\(Self.names.joined(separator: ", ")), or a list of positions")
    }
    self = order
  }

  /// Writes the name or the positions.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .given(let positions) = self { try container.encode(positions) } else { try container.encode(name) }
  }
}
