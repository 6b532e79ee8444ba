import ARPGKernels
import Testing

@Suite("Winograd transforms")
struct WinogradTests {
  @Test("Every level gives the bits of the plain one, for every length to 70")
  func levels() throws {
    let reference = try #require(arpg_winograd_at(ARPG_SIMD_SCALAR)).pointee
    for level in [ARPG_SIMD_AVX2, ARPG_SIMD_AVX512, ARPG_SIMD_NEON] {
      guard let found = arpg_winograd_at(level)?.pointee else { continue }
      for tiles in 1...70 {
        let pixels = values(6 * (2 * tiles + 2)), points = values(16 * 80), weights = values(9 * tiles)
        func compare(_ count: Int, _ run: (arpg_winograd, UnsafeMutablePointer<Float>) -> Void) {
          let results = [reference, found].map { kernels in
            var out = [Float](repeating: .nan, count: count)
            out.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { run(kernels, base) } }
            return out.map(\.bitPattern)
          }
          #expect(results[0] == results[1], "level \(level.rawValue), \(tiles) tiles")
        }
        compare(16 * 80) { $0.weights(weights, $1, 80, tiles) }
        compare(9 * 80) { $0.doubled_weights(weights, $1, 80, tiles) }
        compare(16 * 80) { $0.input(pixels, 2 * tiles + 2, $1, 80, tiles) }
        compare(9 * 80) { $0.doubled_input(pixels, tiles + 2, $1, 80, tiles) }
        compare(4 * tiles + 3) { $0.output(points, 80, 0.3, $1, 2 * tiles + 3, tiles) }
        compare(4 * tiles + 3) { $0.doubled_output(points, 80, 0.3, $1, 2 * tiles + 3, tiles) }
        compare(16 * 80) { $0.output_gradient(pixels, 2 * tiles + 2, $1, 80, tiles) }
        compare(9 * 80) { $0.doubled_output_gradient(pixels, 2 * tiles + 2, $1, 80, tiles) }
        compare(9 * tiles) { $0.weights_gradient(points, 80, $1, tiles) }
        compare(9 * tiles) { $0.doubled_weights_gradient(points, 80, $1, tiles) }
      }
    }
  }

  @Test("A tile's products at its points give its convolution")
  func oneTile() throws {
    let kernels = try #require(arpg_best_winograd()).pointee
    let weights = values(9), pixels = values(16)
    for doubled in [false, true] {
      let points = doubled ? 9 : 16
      var u = [Float](repeating: 0, count: points), v = u, y = [Float](repeating: 0, count: 4)
      if doubled {
        kernels.doubled_weights(weights, &u, 1, 1)
        kernels.doubled_input(pixels, 4, &v, 1, 1)
      } else {
        kernels.weights(weights, &u, 1, 1)
        kernels.input(pixels, 4, &v, 1, 1)
      }
      let products = zip(u, v).map { $0 * $1 }
      (doubled ? kernels.doubled_output : kernels.output)?(products, 1, 0.5, &y, 2, 1)
      for (index, found) in y.enumerated() {
        var expected: Float = 0.5
        for i in 0..<3 {
          for j in 0..<3 {
            let row = index / 2 + i, column = index % 2 + j
            let pixel = doubled ? (row + 1) / 2 * 4 + (column + 1) / 2 : row * 4 + column
            expected += weights[3 * i + j] * pixels[pixel]
          }
        }
        #expect(abs(found - expected) < 1e-5)
      }
    }
  }

  /// For a linear map and its transpose, `⟨map(x), y⟩ = ⟨x, transpose(y)⟩`.
  @Test("Gradients are the transposes of the transforms")
  func transposes() throws {
    let kernels = try #require(arpg_best_winograd()).pointee
    for doubled in [false, true] {
      let points = doubled ? 9 : 16
      let at = Array(values(points + 5).suffix(points)), pixels = values(4), weights = values(9)
      var pixelsOut = [Float](repeating: 0, count: 4), weightsOut = [Float](repeating: 0, count: 9)
      var fromPixels = [Float](repeating: 0, count: points), fromWeights = fromPixels
      if doubled {
        kernels.doubled_output(at, 1, 0, &pixelsOut, 2, 1)
        kernels.doubled_output_gradient(pixels, 2, &fromPixels, 1, 1)
        kernels.doubled_weights(weights, &fromWeights, 1, 1)
        kernels.doubled_weights_gradient(at, 1, &weightsOut, 1)
      } else {
        kernels.output(at, 1, 0, &pixelsOut, 2, 1)
        kernels.output_gradient(pixels, 2, &fromPixels, 1, 1)
        kernels.weights(weights, &fromWeights, 1, 1)
        kernels.weights_gradient(at, 1, &weightsOut, 1)
      }
      #expect(abs(dot(pixelsOut, pixels) - dot(at, fromPixels)) < 1e-5)
      #expect(abs(dot(fromWeights, at) - dot(weights, weightsOut)) < 1e-5)
    }
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func values(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 7919 % 1009) / 504 - 1 } }
}
