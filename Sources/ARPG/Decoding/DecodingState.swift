/// A batch of images that a decoder is decoding: what it remembers of the codes known so far.
///
/// Rows of a batch are copies of the images, one copy behind the other: for guidance, the same codes stand in each copy
/// behind another prefix. Images may be decoded in orders of their own. A state belongs to one batch and is not sent to other
/// tasks.
public protocol DecodingState: AnyObject {
  /// Takes codes: those that were given before the first prediction, and those that were chosen at the positions of the
  /// last one, in the same order; where positions are predicted independently, at any of them in any order.
  ///
  /// - Parameters:
  ///   - codes: for each image, the code at each of its positions.
  ///   - positions: raster positions of each image.
  func accept(_ codes: [[Int]], at positions: DecodingPositions)

  /// The logits of the codes at some positions, `[copies * images, positions, vocab]`, in memory of their own: the sampler
  /// changes them in place.
  ///
  /// - Parameters:
  ///   - positions: raster positions of each image that are not known yet; in raster order the next one, which all share.
  ///   - conditions: condition tokens in use at this moment.
  func logits(at positions: DecodingPositions, conditions: StepConditions) -> Tensor
}

/// How the decoding of a batch begins.
public struct DecodingStart {
  /// What stands in front of the codes, `[copies * images, length, dim]`.
  public let prefix: Tensor
  /// For each row, how many of its first prefix tokens are padding that nothing may see; nil for none.
  public let padding: [Int]?
  /// The number of images.
  public let images: Int
  /// The number of copies of each.
  public let copies: Int

  /// A start; see the properties.
  public init(prefix: Tensor, padding: [Int]? = nil, images: Int, copies: Int = 1) {
    precondition(prefix.shape.count == 3 && prefix.shape[0] == images * copies, "a prefix of shape \(prefix.shape)")
    self.prefix = prefix
    self.padding = padding
    self.images = images
    self.copies = copies
  }
}

/// The condition tokens in use at one moment, for whatever positions a decoder asks for.
public struct StepConditions {
  private let tokens: (DecodingPositions) -> [Int: Tensor]

  /// Condition tokens that a function gives: by layer, `[copies * images, positions, dim]`.
  public init(_ tokens: @escaping (DecodingPositions) -> [Int: Tensor]) {
    self.tokens = tokens
  }

  /// No condition tokens.
  public static var none: StepConditions { StepConditions { _ in [:] } }

  /// The condition tokens of some positions, by layer, `[copies * images, positions, dim]`; nothing where no control acts.
  public func callAsFunction(at positions: DecodingPositions) -> [Int: Tensor] { tokens(positions) }
}

extension DecodingStart {
  /// Several batches as one, the images of the first in front. Traps where there is none, or they differ in copies or in the length
  /// of their prefixes.
  init(joining starts: [DecodingStart]) {
    guard starts.count > 1 else {
      self = starts[0]
      return
    }
    let copies = starts[0].copies, images = starts.reduce(0) { $0 + $1.images }
    precondition(
      starts.allSatisfy { $0.copies == copies && $0.prefix.shape.dropFirst() == starts[0].prefix.shape.dropFirst() },
      "batches of other shapes are not joined")
    func joined<Value>(_ rows: (DecodingStart, Range<Int>) -> [Value]) -> [Value] {
      (0..<copies).flatMap { copy in starts.flatMap { rows($0, copy * $0.images..<(copy + 1) * $0.images) } }
    }
    self.init(
      prefix: Tensor(
        shape: [copies * images] + starts[0].prefix.shape.dropFirst(), values: joined { $0.prefix.slice($1).values }),
      padding: starts.contains { $0.padding != nil }
        ? joined { start, rows in start.padding.map { Array($0[rows]) } ?? rows.map { _ in 0 } } : nil,
      images: images, copies: copies)
  }

  /// The codes of images for all copies of them, row by row.
  public func repeated(_ codes: [[Int]]) -> [Int] {
    Array(repeating: codes.joined(), count: copies).flatMap { $0 }
  }
}
