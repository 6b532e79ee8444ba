import ARPG
import ARPGTensor

/// Measures what weights of low precision change: the logits of a decoder against those of another with the same weights in 32 bits,
/// step by step, both knowing the same codes.
///
/// The codes are the likeliest of the 32-bit decoder, decoded in a random order without guidance, controls or filters.
public struct PrecisionEvaluation: Sendable {
  /// What was found.
  public struct Result: Sendable, Equatable {
    /// The root of the mean squared difference of all logits, over that of their mean square; about the mean of each position, since
    /// what is added to all logits of a position changes nothing.
    public let logitError: Double
    /// The share of positions with the same likeliest code.
    public let equalCodes: Double
    /// The number of positions.
    public let positions: Int
  }

  private let reference, other: any ImageDecoder

  /// An evaluation of a decoder against one with the same sizes. Traps where their layouts differ.
  public init(of other: any ImageDecoder, against reference: any ImageDecoder) {
    precondition(other.layout == reference.layout, "the decoders have other layouts")
    self.reference = reference
    self.other = other
  }

  /// Measures some images.
  ///
  /// - Parameters:
  ///   - images: how many, each of another class where the decoder has classes.
  ///   - steps: in which an image is decoded; families that decode one code a step take as many as there are codes.
  ///   - seed: of the order.
  ///   - observe: is told of how many of how many steps are done; what it throws ends the work.
  /// - Throws: what `observe` throws, or where the decoder cannot take so many steps.
  public func measure(
    images: Int = 4, steps: Int = 16, seed: UInt64 = 0,
    observe: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> Result {
    let layout = reference.layout
    let order: [Int]
    let sizes: [Int]
    if case .raster = layout.order {
      order = Array(0..<layout.tokens)
      sizes = Array(repeating: 1, count: layout.tokens)
    } else {
      order = SeededRandomSource(seed: seed).order(tokens: layout.tokens)
      let schedule = type(of: reference).schedules[0]
      sizes = try schedule.stepSizes(tokens: layout.tokens, steps: steps).filter { $0 > 0 }
    }
    func start(_ decoder: any ImageDecoder) throws -> any DecodingState {
      let classes = layout.classes > 0 ? (0..<images).map { $0 % layout.classes as Int? } : nil
      let prefix = try classes.map(decoder.prefix(ofClasses:)) ?? decoder.nullPrefix.repeated(images)
      return decoder.makeState(DecodingStart(prefix: prefix, images: images))
    }
    let (expected, found) = (try start(reference), try start(other))
    var sum = LogitDifference(), first = 0
    for (number, size) in sizes.enumerated() {
      try observe(number, sizes.count)
      let positions = DecodingPositions.shared(Array(order[first..<first + size]))
      let logits = expected.logits(at: positions, conditions: .none)
      let likeliest = sum.add(found.logits(at: positions, conditions: .none), to: logits)
      let codes = (0..<images).map { Array(likeliest[$0 * size..<($0 + 1) * size]) }
      for state in [expected, found] { state.accept(codes, at: positions) }
      first += size
    }
    return sum.result
  }
}

/// Adds up what two decoders' logits differ by.
private struct LogitDifference {
  private var error = 0.0, square = 0.0, equal = 0, positions = 0

  /// Adds logits `[images, positions, vocab]`, and gives the likeliest code of each row of those expected.
  mutating func add(_ found: Tensor, to expected: Tensor) -> [Int] {
    var codes: [Int] = []
    let vocab = expected.shape[expected.shape.count - 1]
    let (one, other) = (expected.values, found.values)
    for start in stride(from: 0, to: one.count, by: vocab) {
      let wanted = one[start..<start + vocab], seen = other[start..<start + vocab]
      let mean = wanted.reduce(0.0) { $0 + Double($1) } / Double(vocab)
      let shift = seen.reduce(0.0) { $0 + Double($1) } / Double(vocab) - mean
      for (a, b) in zip(wanted, seen) {
        let difference = Double(b) - Double(a) - shift
        error += difference * difference
        square += (Double(a) - mean) * (Double(a) - mean)
      }
      let best = wanted.indices.max { wanted[$0] < wanted[$1] } ?? start
      equal += best == seen.indices.max { seen[$0] < seen[$1] } ? 1 : 0
      codes.append(best - start)
    }
    positions += codes.count
    return codes
  }

  var result: PrecisionEvaluation.Result {
    PrecisionEvaluation.Result(
      logitError: square > 0 ? (error / square).squareRoot() : 0,
      equalCodes: positions > 0 ? Double(equal) / Double(positions) : 1, positions: positions)
  }
}

extension Tensor {
  /// The first row of a batch as often as asked.
  fileprivate func repeated(_ times: Int) -> Tensor {
    let row = slice(0..<1).values
    return Tensor(shape: [times] + shape.dropFirst(), values: (0..<times).flatMap { _ in row })
  }
}
