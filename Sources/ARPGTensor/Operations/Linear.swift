extension Tensor {
  /// `x · wᵀ`, plus a bias where given: `[..., inputs]` and `[outputs, inputs]` to `[..., outputs]`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    let product = linear([weight])[0]
    return bias.map { product.addingToRows($0) } ?? product
  }

  /// `x · wᵀ` for several weights that share their input, in one pass over the cores.
  public func linear(_ weights: [Tensor]) -> [Tensor] {
    for weight in weights {
      precondition(
        weight.shape.count == 2 && weight.shape[1] == lastAxis, "\(weight.shape) cannot be applied to rows of \(shape)")
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
    let inner = lastAxis
    let columns = other.lastAxis
    let product = Tensor(uninitialized: [count / inner, columns])
    Parallel.forRanges(count / inner, grain: 24) { rows in
      kernels.multiply(
        pointer + rows.lowerBound * inner, inner, 1, other.pointer, columns, 1,
        product.mutablePointer + rows.lowerBound * columns, columns, rows.count, columns, inner, 0)
    }
    return product
  }

  /// `self · otherᵀ`: `[..., inner]` and `[columns, inner]` to `[..., columns]`; not recorded.
  package func matrixProduct(transposed other: Tensor) -> Tensor {
    let inner = lastAxis
    let columns = other.shape[0]
    let product = Tensor(uninitialized: Array(shape.dropLast()) + [columns])
    Parallel.forRanges(count / inner, grain: 24) { rows in
      kernels.multiply(
        pointer + rows.lowerBound * inner, inner, 1, other.pointer, 1, inner,
        product.mutablePointer + rows.lowerBound * columns, columns, rows.count, columns, inner, 0)
    }
    return product
  }

  /// `selfᵀ · other`: `[..., rows]` and `[..., columns]` to `[rows, columns]`; not recorded.
  package func transposedMatrixProduct(_ other: Tensor) -> Tensor {
    let rows = lastAxis
    let columns = other.lastAxis
    let inner = count / rows
    let product = Tensor(uninitialized: [rows, columns])
    Parallel.forRanges(rows, grain: 24) { range in
      kernels.multiply(
        pointer + range.lowerBound, 1, rows, other.pointer, columns, 1,
        product.mutablePointer + range.lowerBound * columns, columns, range.count, columns, inner, 0)
    }
    return product
  }
}
