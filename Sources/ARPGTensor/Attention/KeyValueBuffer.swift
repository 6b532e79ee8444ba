/// Keys and values that grow: memory for a known number of rows, filled from the front, where the rows of a head follow each other, as
/// attention reads them. Not for gradients.
///
/// It shares its memory with the ``KeyValues`` that it gives, which is why it is a class and is not sent to other tasks.
public final class KeyValueBuffer {
  private let memory: KeyValues.Memory
  private let capacity: Int
  private let padding: [Int]?
  /// The number of rows in use.
  public private(set) var length = 0

  /// Room for `capacity` rows of `dim` values for each row of the batch. Traps where `dim` is no multiple of `heads`.
  ///
  /// - Parameters:
  ///   - batch: the rows of the batch.
  ///   - capacity: the most keys of a row.
  ///   - dim: the width of keys and values.
  ///   - heads: how many heads share the width.
  ///   - padding: for each row of the batch, how many of its first keys nobody sees; nil for none.
  ///   - weights: how the weights are kept beside which the buffer is used: below 32 bits, keys and values have 16.
  public init(
    batch: Int, capacity: Int, dim: Int, heads: Int, padding: [Int]? = nil, beside weights: WeightPrecision = .float32
  ) {
    precondition(dim % heads == 0, "a width of \(dim) is not shared by \(heads) heads")
    self.capacity = capacity
    self.padding = padding
    if weights == .float32 {
      let shape = [batch, heads, capacity, dim / heads]
      memory = .heads(keys: Tensor(shape: shape, repeating: 0), values: Tensor(shape: shape, repeating: 0))
    } else {
      memory = .halves(HalfKeyValues(batch: batch, capacity: capacity, heads: heads, headDim: dim / heads))
    }
  }

  /// Adds rows `[batch, n, dim]` behind those in use, and gives all of them. Traps where there is no room.
  public func append(_ new: KeyValues) -> KeyValues {
    let span = TimeByPart.begin(.attention)
    defer { span.end() }
    guard case .rows(let newKeys, let newValues) = new.memory else { preconditionFailure("rows of another buffer") }
    let all = KeyValues(memory, length: length + new.length, padding: padding)
    precondition(new.batch == all.batch && new.dim == all.dim, "\(newKeys.shape) does not fit the buffer")
    precondition(all.length <= capacity, "the buffer of \(capacity) rows is full")
    switch memory {
    case .rows: preconditionFailure("a buffer's rows are kept by heads")
    case .heads(let keys, let values):
      Self.copy(newKeys, to: keys, at: length)
      Self.copy(newValues, to: values, at: length)
    case .halves(let halves): halves.write(keys: newKeys, values: newValues, at: length)
    }
    length = all.length
    return all
  }

  /// Copies rows `[batch, n, dim]` to a place in `[batch, heads, capacity, headDim]`.
  private static func copy(_ new: Tensor, to target: Tensor, at place: Int) {
    let heads = target.shape[1], capacity = target.shape[2], headDim = target.shape[3]
    for row in 0..<new.shape[0] {
      for position in 0..<new.shape[1] {
        for head in 0..<heads {
          (target.mutablePointer + ((row * heads + head) * capacity + place + position) * headDim)
            .update(from: new.pointer + ((row * new.shape[1] + position) * heads + head) * headDim, count: headDim)
        }
      }
    }
  }

  /// Forgets the rows from `length` on; the next ones take their place. Traps where there are fewer.
  public func truncate(to length: Int) {
    precondition(0...self.length ~= length, "\(self.length) rows cannot be cut to \(length)")
    self.length = length
  }
}
