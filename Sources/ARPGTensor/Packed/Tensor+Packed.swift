import ARPGKernels

extension Tensor {
  /// `x · wᵀ` for several matrices that share their input: `[..., inputs]` to `[..., outputs]` each.
  ///
  /// Differentiable where all matrices are of 32-bit floats; traps where the input is tracked and one is not.
  public func linear(_ matrices: [WeightMatrix]) -> [Tensor] {
    var products = [Tensor?](repeating: nil, count: matrices.count)
    var full: [(place: Int, weight: Tensor)] = [], packed: [(place: Int, matrix: PackedMatrix)] = []
    for (place, matrix) in matrices.enumerated() {
      switch matrix {
      case .full(let weight): full.append((place, weight))
      case .packed(let matrix): packed.append((place, matrix))
      }
    }
    if !full.isEmpty { for (item, product) in zip(full, linear(full.map(\.weight))) { products[item.place] = product } }
    if !packed.isEmpty {
      for (item, product) in zip(packed, packedProducts(packed.map(\.matrix))) { products[item.place] = product }
    }
    return products.compactMap { $0 }
  }

  /// Products with packed matrices; the panels of all of them are shared out to threads.
  private func packedProducts(_ matrices: [PackedMatrix]) -> [Tensor] {
    let span = TimeByPart.begin(.products)
    defer { span.end() }
    precondition(!isTracked, "packed weights have no gradients")
    let inputs = lastAxis, rows = count / Swift.max(inputs, 1)
    for matrix in matrices {
      precondition(
        matrix.inputs == inputs, "[\(matrix.outputs), \(matrix.inputs)] cannot be applied to rows of \(shape)")
      TimeByPart.count(weightBytes: matrix.byteCount, operations: 2 * count * matrix.outputs)
    }
    let products = matrices.map { Tensor(uninitialized: Array(shape.dropLast()) + [$0.outputs]) }
    guard rows > 0 else { return products }
    let rounded = matrices.contains { $0.precision == .int8 || $0.precision == .int4 } ? RoundedRows(self, rows) : nil
    let halves = matrices.contains { $0.precision == .bfloat16 } ? HalvedRows(self, rows) : nil
    // Two panels at a time are what the kernels like best.
    let pairs = matrices.map { ($0.panels + 1) / 2 }
    let starts = pairs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let grain = max(1, 1 << 16 / max(1, rows * inputs * 2 * PackedMatrix.panel))
    Parallel.forRanges(starts[matrices.count], grain: grain) { range in
      for (index, matrix) in matrices.enumerated() {
        let part = range.clamped(to: starts[index]..<starts[index + 1])
        guard !part.isEmpty else { continue }
        let panel = 2 * (part.lowerBound - starts[index]), first = panel * PackedMatrix.panel
        let outputs = min(2 * (part.upperBound - starts[index]) * PackedMatrix.panel, matrix.outputs) - first
        let target = products[index].mutablePointer + first, weights = matrix.address(ofPanel: panel)
        switch (matrix.precision, rounded, halves) {
        case (.float16, _, _):
          packedKernels.linear_float16(
            pointer, inputs, weights.assumingMemoryBound(to: UInt16.self), target, matrix.outputs, rows, outputs, inputs
          )
        case (.bfloat16, _, let halves?):
          packedKernels.linear_bfloat16(
            halves.values, halves.halves, halves.width, weights.assumingMemoryBound(to: UInt16.self), target,
            matrix.outputs, rows, outputs, inputs)
        case (.int8, let rounded?, _):
          packedKernels.linear_int8(
            rounded.values, rounded.width, rounded.scales, rounded.sums, weights.assumingMemoryBound(to: UInt8.self),
            matrix.scales + first, target, matrix.outputs, rows, outputs)
        case (.int4, let rounded?, _):
          packedKernels.linear_int4(
            rounded.values, rounded.width, rounded.scales, rounded.sums, weights.assumingMemoryBound(to: UInt8.self),
            target, matrix.outputs, rows, outputs)
        default: preconditionFailure("a matrix of \(matrix.precision.rawValue) is not packed")
        }
      }
    }
    return products
  }
}

/// Rows rounded to 8 bits, with a scale and the sum of each group of inputs.
private struct RoundedRows: Sendable {
  /// The bytes of a row, a whole number of groups.
  let width: Int
  private let storage: TensorStorage
  private let rows: Int

  init(_ tensor: Tensor, _ rows: Int) {
    let inputs = tensor.lastAxis, groups = (inputs + PackedMatrix.group - 1) / PackedMatrix.group
    width = groups * PackedMatrix.group
    self.rows = rows
    storage = TensorStorage(count: rows * (2 * groups + width / MemoryLayout<Float>.stride))
    let target = self
    Parallel.forRanges(rows, grain: max(1, 1 << 13 / max(1, inputs))) { range in
      packedKernels.quantize(
        tensor.pointer + range.lowerBound * inputs, inputs, target.values + range.lowerBound * target.width,
        target.width,
        target.scales + range.lowerBound * groups, target.sums + range.lowerBound * groups, range.count, inputs)
    }
  }

  var scales: UnsafeMutablePointer<Float> { storage.base }
  var sums: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(storage.base + rows * (width / PackedMatrix.group)).assumingMemoryBound(to: Int32.self)
  }
  var values: UnsafeMutablePointer<Int8> {
    UnsafeMutableRawPointer(sums + rows * (width / PackedMatrix.group)).assumingMemoryBound(to: Int8.self)
  }
}

/// Rows rounded to the upper half of a 32-bit float, as such floats and as halves.
private struct HalvedRows: Sendable {
  /// The values of a row, an even number.
  let width: Int
  private let storage: TensorStorage
  private let rows: Int

  init(_ tensor: Tensor, _ rows: Int) {
    let inputs = tensor.lastAxis
    width = (inputs + 1) / 2 * 2
    self.rows = rows
    storage = TensorStorage(count: rows * (width + width / 2))
    let target = self
    Parallel.forRanges(rows, grain: max(1, 1 << 13 / max(1, inputs))) { range in
      let first = range.lowerBound * target.width
      packedKernels.round_bfloat16(
        tensor.pointer + range.lowerBound * inputs, inputs, target.values + first, target.halves + first, target.width,
        range.count, inputs)
    }
  }

  var values: UnsafeMutablePointer<Float> { storage.base }
  var halves: UnsafeMutablePointer<UInt16> {
    UnsafeMutableRawPointer(storage.base + rows * width).assumingMemoryBound(to: UInt16.self)
  }
}
