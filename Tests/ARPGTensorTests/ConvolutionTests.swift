import ARPGTensor
import Testing

@Suite("Operations on images")
struct ConvolutionTests {
  @Test("Patches are in raster order, their channels one after the other")
  func patches() {
    // Two images of two channels, 2 x 4 pixels, numbered.
    let images = Tensor(shape: [2, 2, 2, 4], values: (0..<32).map(Float.init))
    let patches = images.unfoldingPatches(2)
    #expect(patches.shape == [2, 2, 8])
    #expect(patches.values.prefix(16) == [0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15])
    #expect(patches.values.suffix(8) == [18, 19, 22, 23, 26, 27, 30, 31])
    expectGradientsMatch([randomTensor(2, 3, 4, 6, seed: 1)]) { $0[0].unfoldingPatches(2) }
  }

  // Expected values by PyTorch's `interpolate`, `align_corners` false.
  private static let image: [Float] = [1.5, -1.25, -2.25, -2.25, 0.5, -0.5, -1, 0, 0, -1.25, 1, -2]
  private static let cases: [(Interpolation, Int, Int, [Float])] = [
    (
      .bicubic, 5, 3,
      [
        1.195408, -2.110563, -2.470417, 0.870787, -1.662843, -1.347449, 0.365162, -0.9375, -0.152199, -0.046557,
        -0.262781, -0.843356, -0.274489, 0.132812, -1.662689,
      ]
    ),
    (
      .bicubic, 2, 7,
      [
        1.523652, 0.552543, -0.87413, -1.799652, -2.061526, -1.855515, -1.633491, 0.190422, -0.408676, -1.064916,
        -0.144562, 0.548999, -0.665186, -1.67202,
      ]
    ),
    (.nearest, 5, 3, [1.5, -1.25, -2.25, 1.5, -1.25, -2.25, 0.5, -0.5, -1, 0.5, -0.5, -1, 0, -1.25, 1]),
    (.nearest, 2, 7, [1.5, 1.5, -1.25, -1.25, -2.25, -2.25, -2.25, 0.5, 0.5, -0.5, -0.5, -1, -1, 0]),
    (.bicubic, 3, 4, image),
  ]

  @Test("Interpolation gives the values of PyTorch, over channels before and behind", arguments: cases.indices)
  func interpolation(index: Int) {
    let (kind, rows, columns, expected) = Self.cases[index]
    let plane = Tensor(shape: [1, 3, 4], values: Self.image)
    let scaled = plane.resized(axis: 1, to: rows, by: kind).resized(axis: 2, to: columns, by: kind)
    #expect(scaled.shape == [1, rows, columns])
    #expect(zip(scaled.values, expected).allSatisfy { abs($0 - $1) < 2e-6 })

    let table = Tensor(shape: [3, 4, 2], values: Self.image.flatMap { [$0, -$0] })
    let rowsOfTwo = table.resized(axis: 0, to: rows, by: kind).resized(axis: 1, to: columns, by: kind)
    #expect(zip(rowsOfTwo.values, expected.flatMap { [$0, -$0] }).allSatisfy { abs($0 - $1) < 2e-6 })
  }

  @Test(arguments: [Interpolation.nearest, .bicubic]) func interpolationGradients(kind: Interpolation) {
    expectGradientsMatch([randomTensor(2, 4, 3, seed: 1)]) { $0[0].resized(axis: 1, to: 7, by: kind) }
    expectGradientsMatch([randomTensor(2, 3, 5, seed: 1)]) { $0[0].resized(axis: 2, to: 3, by: kind) }
  }

  @Test("Normal numbers have the moments of the normal distribution")
  func normals() {
    let generator = Philox(seed: 5)
    let numbers = (0..<20_000).flatMap { index in
      let four = generator.normals(at: SIMD4(UInt32(index), 1, 0, 0))
      return (0..<4).map { Double(four[$0]) }
    }
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / Double(numbers.count)
    }
    for (power, expected) in [(1, 0.0), (2, 1), (3, 0), (4, 3)] {
      #expect(abs(moment(power) - expected) < 0.06, "moment \(power) is \(moment(power))")
    }
    #expect(abs(zip(numbers, numbers.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }) / 8e4 < 0.02)
  }

  @Test("The means of channels are over their pixels alone")
  func spatialMeans() {
    let images = Tensor(shape: [2, 2, 1, 2], values: [1, 2, 3, 5, -1, 1, 0, 7])
    let means = images.spatialMeans()
    #expect(means.shape == [2, 2] && means.values == [1.5, 4, 0, 3.5])
    expectGradientsMatch([randomTensor(2, 3, 3, 5, seed: 4)]) { $0[0].spatialMeans() }
  }
}
