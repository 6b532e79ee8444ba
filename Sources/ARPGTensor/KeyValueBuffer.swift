/// Keys and values that grow: memory for a known number of rows, filled from the front.
public struct KeyValueBuffer: Sendable {
  private let keys, values: Tensor
  /// The number of rows in use.
  public private(set) var length = 0

  /// Room for `capacity` rows of `dim` values for each row of the batch.
  public init(batch: Int, capacity: Int, dim: Int) {
    keys = Tensor(shape: [batch, capacity, dim], repeating: 0)
    values = Tensor(shape: [batch, capacity, dim], repeating: 0)
  }

  /// Adds rows `[batch, n, dim]` behind those in use, and gives all of them. Traps where there is no room.
  ///
  /// What was given before stays as it was: rows are written behind it. Not recorded for gradients.
  public mutating func append(_ new: KeyValues) -> KeyValues {
    let batch = keys.shape[0], capacity = keys.shape[1], dim = keys.shape[2]
    precondition(new.keys.shape[0] == batch && new.keys.shape[2] == dim, "\(new.keys.shape) does not fit the buffer")
    precondition(length + new.length <= capacity, "the buffer of \(capacity) rows is full")
    let count = new.length * dim
    for row in 0..<batch {
      let target = (row * capacity + length) * dim
      let source = row * new.keys.shape[1] * dim
      (keys.mutablePointer + target).update(from: new.keys.pointer + source, count: count)
      (values.mutablePointer + target).update(from: new.values.pointer + source, count: count)
    }
    length += new.length
    return KeyValues(keys: keys, values: values, length: length)
  }
}
