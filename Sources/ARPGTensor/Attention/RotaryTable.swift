import Foundation

/// The cosines and sines by which queries and keys turn, one row for each position.
///
/// Row 0 belongs to the prefix (the class token) and is zero for cosine and sine alike, so that its query and key vanish;
/// row `p + 1` belongs to raster position `p`. Half of the pairs turn with the row of the position, half with its column.
///
/// Source: Su et al., arXiv 2104.09864; ARPG, arXiv 2503.10568, and its published code for the zero row.
public struct RotaryTable: Sendable {
  /// `[1 + rows * columns, headDim / 2, 2]`.
  let values: Tensor
  /// The same with the sines negated: the transpose of the rotation.
  private let inverse: Tensor

  /// A table for a grid of positions.
  ///
  /// - Parameters:
  ///   - rows: of the grid.
  ///   - columns: of the grid.
  ///   - headDim: the width of a head, a multiple of 4.
  ///   - base: the base of the rates, 10000 as published.
  ///   - trained: the grid that a decoder was trained on, where it is another one: slow rates turn as if each axis spanned
  ///     the places of training (RandAR, arXiv 2412.01827, section 4.3, as published). Nil for this grid.
  ///   - fastRates: how many of the fastest rates of each axis keep their pace all the same.
  public init(
    rows: Int, columns: Int, headDim: Int, base: Float, trained: (rows: Int, columns: Int)? = nil, fastRates: Int = 2
  ) {
    let axes = [Axis(rows, trained: trained?.rows), Axis(columns, trained: trained?.columns)]
    let half = headDim / 2
    let rates = stride(from: 0, to: half, by: 2).map { Float(pow(Double(base), -Double($0) / Double(half))) }
    var table = [Float](repeating: 0, count: half * 2)
    for row in 0..<rows {
      for column in 0..<columns {
        for (axis, index) in zip(axes, [row, column]) {
          for (number, rate) in rates.enumerated() {
            let place = number < fastRates ? Float(index) : axis.place(index)
            let angle = Double(place * rate)
            table += [Float(cos(angle)), Float(sin(angle))]
          }
        }
      }
    }
    let shape = [1 + rows * columns, half, 2]
    values = Tensor(shape: shape, values: table)
    inverse = Tensor(shape: shape, values: table.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element })
  }

  /// The rows or columns of a grid.
  private struct Axis {
    /// The distance between neighbours for slow rates.
    let step: Float

    init(_ length: Int, trained: Int?) {
      step = trained.map { length > 1 ? Float($0 - 1) / Float(length - 1) : 1 } ?? 1
    }

    func place(_ index: Int) -> Float { Float(index) * step }
  }

  /// Rotates every head of `x [batch, n, dim]` by the rows of the table that `positions` names: `n` of them, shared by
  /// the batch, or `batch * n`.
  public func rotate(_ x: Tensor, at positions: [Int]) -> Tensor {
    let span = TimeByPart.begin(.attention)
    defer { span.end() }
    return apply(values, to: x, at: positions).recorded(from: [x]) { [apply(inverse, to: $0, at: positions)] }
  }

  private func apply(_ table: Tensor, to x: Tensor, at positions: [Int]) -> Tensor {
    let dim = x.lastAxis
    let headDim = table.shape[1] * 2
    let rows = x.count / dim
    precondition(!positions.isEmpty && rows % positions.count == 0, "\(positions.count) positions for \(x.shape)")
    let result = Tensor(uninitialized: x.shape)
    Parallel.forRanges(rows, grain: x.rowGrain) { part in
      for row in part {
        let angles = table.pointer + positions[row % positions.count] * headDim
        kernels.rotate(x.pointer + row * dim, angles, result.mutablePointer + row * dim, dim / headDim, headDim)
      }
    }
    return result
  }
}
