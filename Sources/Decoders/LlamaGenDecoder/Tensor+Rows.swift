import ARPGTensor

extension Tensor {
  /// The last rows of each sequence, `[batch, n, dim]` to `[batch, count, dim]`; differentiable.
  public func lastRows(_ count: Int) -> Tensor {
    selectingRows(ofEach: Array(shape[1] - count..<shape[1]))
  }

  /// Some rows of each sequence, `[batch, n, dim]` to `[batch, places, dim]`; differentiable.
  public func selectingRows(ofEach places: [Int]) -> Tensor {
    let batch = shape[0], length = shape[1], dim = shape[2]
    guard places != Array(0..<length) else { return self }
    let rows = (0..<batch).flatMap { row in places.map { row * length + $0 } }
    return reshaped(batch * length, dim).selectingRows(rows).reshaped(batch, places.count, dim)
  }

  /// Puts the rows of each sequence at places of a longer one, zeros elsewhere: `[batch, places, dim]` to
  /// `[batch, length, dim]`; differentiable.
  public func spreadRows(to places: [Int], of length: Int) -> Tensor {
    let batch = shape[0], count = shape[1], dim = shape[2]
    guard places != Array(0..<length) else { return self }
    var source = Array(repeating: batch * count, count: batch * length)
    for row in 0..<batch {
      for (index, place) in places.enumerated() { source[row * length + place] = row * count + index }
    }
    return reshaped(1, batch * count, dim).joined(with: Tensor(shape: [1, 1, dim], repeating: 0))
      .reshaped(batch * count + 1, dim).selectingRows(source).reshaped(batch, length, dim)
  }

  /// Rows of two tensors `[batch, n, dim]` by turns: `[batch, 2 n, dim]`; differentiable.
  public func interleaved(with other: Tensor) -> Tensor {
    let batch = shape[0], length = shape[1], dim = shape[2]
    return reshaped(batch * length, 1, dim).joined(with: other.reshaped(batch * length, 1, dim))
      .reshaped(batch, 2 * length, dim)
  }
}
