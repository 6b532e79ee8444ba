/// Keys and values that queries attend to: the first `length` rows of tensors that may hold more.
///
/// Those of a ``KeyValueBuffer`` are valid until it forgets some of them; they are not to be kept.
public struct KeyValues {
  /// Where they are.
  enum Memory {
    /// `[batch, capacity, dim]`, rotated.
    case rows(keys: Tensor, values: Tensor)
    /// `[batch, heads, capacity, headDim]`, rotated.
    case heads(keys: Tensor, values: Tensor)
    /// In half precision.
    case halves(HalfKeyValues)
  }

  let memory: Memory
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
    precondition(keys.shape == values.shape && keys.shape.count == 3, "keys \(keys.shape), values \(values.shape)")
    self.init(.rows(keys: keys, values: values), length: keys.shape[1], padding: padding)
  }

  init(_ memory: Memory, length: Int, padding: [Int]?) {
    self.memory = memory
    self.length = length
    self.padding = padding
    precondition(
      padding.map { $0.count == batch && $0.allSatisfy { 0..<length ~= $0 } } ?? true,
      "a padding of \(padding ?? []) for \(batch) rows of \(length) keys")
  }

  /// The number of rows of the batch.
  public var batch: Int {
    switch memory {
    case .rows(let keys, _), .heads(let keys, _): keys.shape[0]
    case .halves(let halves): halves.batch
    }
  }

  /// The width of keys and values, all heads together.
  var dim: Int {
    switch memory {
    case .rows(let keys, _): keys.shape[2]
    case .heads(let keys, _): keys.shape[1] * keys.shape[3]
    case .halves(let halves): halves.heads * halves.headDim
    }
  }

  /// How many heads share the width; nil where that is not settled.
  var heads: Int? {
    switch memory {
    case .rows: nil
    case .heads(let keys, _): keys.shape[1]
    case .halves(let halves): halves.heads
    }
  }
}
