/// Keys and values that queries attend to: the first `length` rows of tensors that may hold more.
///
/// Those of a ``KeyValueBuffer`` are valid until it forgets some of them; they are not to be kept.
public struct KeyValues {
  /// `[batch, capacity, dim]`, or `[batch, heads, capacity, headDim]`, rotated.
  let keys: Tensor
  /// Of the shape of the keys.
  let values: Tensor
  /// The number of rows in use.
  public let length: Int
  /// For each row of the batch, how many of its first keys are padding that nobody sees; nil for none.
  let padding: [Int]?

  /// Keys and values of one shape, `[batch, length, dim]`, all rows in use.
  ///
  /// - Parameters:
  ///   - keys: the keys.
  ///   - values: the values.
  ///   - padding: for each row of the batch, how many of its first keys are padding, fewer than all; nil for none.
  public init(keys: Tensor, values: Tensor, padding: [Int]? = nil) {
    self.init(keys: keys, values: values, length: keys.shape[1], padding: padding)
  }

  init(keys: Tensor, values: Tensor, length: Int, padding: [Int]?) {
    precondition(keys.shape == values.shape && 3...4 ~= keys.shape.count, "keys \(keys.shape), values \(values.shape)")
    precondition(
      padding.map { $0.count == keys.shape[0] && $0.allSatisfy { 0..<length ~= $0 } } ?? true,
      "a padding of \(padding ?? []) for \(keys.shape[0]) rows of \(length) keys")
    self.keys = keys
    self.values = values
    self.length = length
    self.padding = padding
  }

  /// The number of rows of the batch.
  public var batch: Int { keys.shape[0] }

  /// The width of keys and values, all heads together.
  var dim: Int { isByHeads ? keys.shape[1] * keys.shape[3] : keys.shape[2] }

  /// Whether the keys of a head follow each other, instead of the heads of a key.
  var isByHeads: Bool { keys.shape.count == 4 }

  var capacity: Int { keys.shape[keys.shape.count - 2] }
}
