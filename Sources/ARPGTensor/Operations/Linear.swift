extension Tensor {
  /// `x · wᵀ`, plus a bias where given: `[..., inputs]` and `[outputs, inputs]` to `[..., outputs]`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    let product = linear([weight])[0]
    return bias.map { product.addingToRows($0) } ?? product
  }

  /// `x · wᵀ` for several weights that share their input, in one pass over the cores.
  public func linear(_ weights: [Tensor]) -> [Tensor] {
    let span = TimeByPart.begin(.products)
    defer { span.end() }
    for weight in weights {
      precondition(
        weight.shape.count == 2 && weight.shape[1] == lastAxis, "\(weight.shape) cannot be applied to rows of \(shape)")
      TimeByPart.count(weightBytes: 4 * weight.count, operations: 2 * count * weight.shape[0])
    }
    let isRecorded = isTracked || weights.contains(where: \.isTracked)
    let products = isRecorded ? weights.map(matrixProduct(transposed:)) : rowProducts(weights)
    return zip(products, weights).map { product, weight in
      product.recorded(from: [self, weight]) { [needsInput = isTracked, needsWeight = weight.isTracked] gradient in
        [
          needsInput ? gradient.matrixProduct(weight).reshaped(shape) : nil,
          needsWeight ? gradient.transposedMatrixProduct(self) : nil,
        ]
      }
    }
  }

  /// Products whose bits do not depend on how many rows there are: what sampling uses.
  private func rowProducts(_ weights: [Tensor]) -> [Tensor] {
    let inputs = lastAxis
    let rows = count / max(inputs, 1)
    let products = weights.map { Tensor(uninitialized: Array(shape.dropLast()) + [$0.shape[0]]) }
    let starts = weights.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.shape[0]) }
    let grain = max(4, 1 << 16 / max(1, rows * inputs))
    Parallel.forRanges(starts[weights.count], grain: grain) { range in
      for (index, weight) in weights.enumerated() {
        let outputs = weight.shape[0]
        let part = range.clamped(to: starts[index]..<starts[index + 1])
        guard !part.isEmpty else { continue }
        let first = part.lowerBound - starts[index]
        kernels.linear(
          pointer, inputs, weight.pointer + first * inputs, products[index].mutablePointer + first, outputs, rows,
          part.count, inputs)
      }
    }
    return products
  }

  /// `self · other`: `[..., inner]` and `[inner, columns]` to `[rows, columns]`; not recorded.
  package func matrixProduct(_ other: Tensor) -> Tensor {
    let inner = lastAxis, columns = other.lastAxis
    return product((inner, 1), other, (columns, 1), inner: inner, shape: [count / inner, columns])
  }

  /// `self · otherᵀ`: `[..., inner]` and `[columns, inner]` to `[..., columns]`; not recorded.
  package func matrixProduct(transposed other: Tensor) -> Tensor {
    let inner = lastAxis
    return product((inner, 1), other, (1, inner), inner: inner, shape: shape.dropLast() + [other.shape[0]])
  }

  /// `selfᵀ · other`: `[..., rows]` and `[..., columns]` to `[rows, columns]`; not recorded.
  package func transposedMatrixProduct(_ other: Tensor) -> Tensor {
    let rows = lastAxis, columns = other.lastAxis
    return product((1, rows), other, (columns, 1), inner: count / rows, shape: [rows, columns])
  }

  /// A product of matrices, its rows shared out to threads.
  ///
  /// - Parameters:
  ///   - left: the floats from a row of the left matrix to the next, and from a column to the next.
  ///   - other: the right matrix.
  ///   - right: the same of it.
  ///   - inner: how many products a sum has.
  ///   - shape: of the result; its last axis is the columns.
  private func product(
    _ left: (row: Int, column: Int), _ other: Tensor, _ right: (row: Int, column: Int), inner: Int, shape: [Int]
  ) -> Tensor {
    let product = Tensor(uninitialized: shape), columns = product.lastAxis
    Parallel.forRanges(product.count / columns, grain: 24) { rows in
      kernels.multiply(
        pointer + rows.lowerBound * left.row, left.row, left.column, other.pointer, right.row, right.column,
        product.mutablePointer + rows.lowerBound * columns, columns, rows.count, columns, inner, 0)
    }
    return product
  }
}
