import ARPGTensor
import Testing

@Suite("Packed matrices")
struct PackedMatrixTests {
  private static let packed = WeightPrecision.allCases.filter { $0 != .float32 }

  private func random(_ shape: [Int], _ number: Int) -> Tensor {
    Philox(seed: 3).normalTensor(shape: shape, deviation: 1, number: number, purpose: .custom(7))
  }

  private func error(_ found: Tensor, _ expected: Tensor) -> Float {
    let squares = zip(found.values, expected.values).reduce((0, 0) as (Float, Float)) { sum, pair in
      (sum.0 + (pair.0 - pair.1) * (pair.0 - pair.1), sum.1 + pair.1 * pair.1)
    }
    return (squares.0 / squares.1).squareRoot()
  }

  @Test("Products are near those of 32 bits", arguments: packed)
  func products(precision: WeightPrecision) {
    let limits: [WeightPrecision: Float] = [.float16: 0.0005, .bfloat16: 0.004, .int8: 0.02, .int4: 0.1]
    for (rows, inputs, outputs) in [(1, 64, 48), (5, 100, 33), (9, 257, 16), (2, 1, 5)] {
      let x = random([rows, inputs], 1), w = random([outputs, inputs], 2)
      let matrix = PackedMatrix(w, as: precision)
      let found = x.linear([.packed(matrix)])[0]
      #expect(found.shape == [rows, outputs])
      #expect(error(found, x.linear(w)) < limits[precision] ?? 0, "\(rows) \(inputs) \(outputs)")
      #expect(error(matrix.tensor, w) < limits[precision] ?? 0)
    }
  }

  @Test("Halves are packed as the floats that they are", arguments: [(1, 1), (16, 9), (33, 100), (130, 7)])
  func halves(outputs: Int, inputs: Int) {
    let values = random([outputs, inputs], 1).values.map { Float16($0) }
    // At an odd address too.
    for offset in [0, 1] {
      var bytes = [UInt8](repeating: 0, count: offset)
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
      let found = bytes.withUnsafeBytes {
        PackedMatrix(halves: UnsafeRawBufferPointer(rebasing: $0[offset...]), outputs: outputs, inputs: inputs)
      }
      let expected = PackedMatrix(Tensor(shape: [outputs, inputs], values: values.map(Float.init)), as: .float16)
      #expect(found.withBytes { Array($0) } == expected.withBytes { Array($0) })
    }
  }

  @Test("A row's product does not depend on other rows, other matrices, or threads", arguments: packed)
  func independence(precision: WeightPrecision) {
    let x = random([7, 96], 1), matrices = [40, 16, 129].map { PackedMatrix(random([$0, 96], $0), as: precision) }
    let together = x.linear(matrices.map(WeightMatrix.packed))
    for (matrix, product) in zip(matrices, together) {
      for row in 0..<7 {
        let alone = Parallel.limited(to: 1) { x.slice(row..<row + 1).linear([.packed(matrix)])[0] }
        #expect(alone.values == product.slice(row..<row + 1).values)
      }
    }
    let mixed = x.linear([.full(random([8, 96], 5)), .packed(matrices[0])])
    #expect(mixed[0].values == x.linear(random([8, 96], 5)).values && mixed[1].values == together[0].values)
  }

  @Test("Rows of a matrix are those of the whole, from a panel's beginning or not", arguments: packed)
  func slices(precision: WeightPrecision) {
    let x = random([3, 64], 1), matrix = WeightMatrix.packed(PackedMatrix(random([96, 64], 2), as: precision))
    let whole = x.linear([matrix])[0]
    for rows in [0..<32, 32..<64, 64..<96, 16..<96] {
      let part = x.linear([matrix.slice(rows)])[0]
      #expect(matrix.slice(rows).precision == precision)
      for row in 0..<3 {
        #expect(part.slice(row..<row + 1).values == Array(whole.slice(row..<row + 1).values[rows]))
      }
    }
    #expect(matrix.slice(5..<20).precision == .float32)
    #expect(matrix.slice(5..<20).tensor.values == matrix.tensor.slice(5..<20).values)
  }

  @Test(
    "A row that is not finite gives no number, and zeros give zeros", arguments: [.int8, .int4] as [WeightPrecision])
  func special(precision: WeightPrecision) {
    let matrix = WeightMatrix.packed(PackedMatrix(random([16, 32], 2), as: precision))
    var values = [Float](repeating: 0, count: 64)
    values[3] = .infinity
    let product = Tensor(shape: [2, 32], values: values).linear([matrix])[0].values
    #expect(product[..<16].allSatisfy(\.isNaN) && product[16...].allSatisfy { $0 == 0 })
  }
}
