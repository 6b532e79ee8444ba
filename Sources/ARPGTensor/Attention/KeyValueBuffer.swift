/// Keys and values that grow: memory for a known number of rows, filled from the front, where the rows of a head follow each other, as
/// attention reads them. Not for gradients.
///
/// It shares its memory with the ``KeyValues`` that it gives, which is why it is a class and is not sent to other tasks.
public final class KeyValueBuffer {
  private let keys, values: Tensor
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
  public init(batch: Int, capacity: Int, dim: Int, heads: Int, padding: [Int]? = nil) {
    precondition(dim % heads == 0, "a width of \(dim) is not shared by \(heads) heads")
    keys = Tensor(shape: [batch, heads, capacity, dim / heads], repeating: 0)
    values = Tensor(shape: [batch, heads, capacity, dim / heads], repeating: 0)
    self.padding = padding
  }

  /// Adds rows `[batch, n, dim]` behind those in use, and gives all of them. Traps where there is no room.
  public func append(_ new: KeyValues) -> KeyValues {
    let span = TimeByPart.begin(.attention)
    defer { span.end() }
    let batch = keys.shape[0], heads = keys.shape[1], capacity = keys.shape[2], headDim = keys.shape[3]
    precondition(
      new.batch == batch && new.dim == heads * headDim && !new.isByHeads, "\(new.keys.shape) does not fit the buffer")
    precondition(length + new.length <= capacity, "the buffer of \(capacity) rows is full")
    for row in 0..<batch {
      for position in 0..<new.length {
        for head in 0..<heads {
          let target = ((row * heads + head) * capacity + length + position) * headDim
          let source = ((row * new.capacity + position) * heads + head) * headDim
          (keys.mutablePointer + target).update(from: new.keys.pointer + source, count: headDim)
          (values.mutablePointer + target).update(from: new.values.pointer + source, count: headDim)
        }
      }
    }
    length += new.length
    return KeyValues(keys: keys, values: values, length: length, padding: padding)
  }

  /// Forgets the rows from `length` on; the next ones take their place. Traps where there are fewer.
  public func truncate(to length: Int) {
    precondition(0...self.length ~= length, "\(self.length) rows cannot be cut to \(length)")
    self.length = length
  }
}
