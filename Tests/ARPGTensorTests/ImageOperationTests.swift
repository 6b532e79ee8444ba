import ARPGTensor
import Testing

@Suite("Operations on images")
struct ImageOperationTests {
  static let resamplings: [Resampling] = [.none, .halved, .doubled]

  /// The definition: every output a sum over channels and taps.
  private func convolved(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ resampling: Resampling) -> Tensor {
    let (batch, inputs, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let kernel = weight.shape[2]
    let zoom = resampling == .doubled ? 2 : 1, step = resampling == .halved ? 2 : 1
    let border = resampling == .halved ? 0 : kernel / 2
    let rows = height * zoom / step, columns = width * zoom / step
    let pixels = x.values, taps = weight.values, biases = bias.values
    var values: [Float] = []
    for sample in 0..<batch {
      for output in 0..<weight.shape[0] {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum = Double(biases[output])
            for input in 0..<inputs {
              for i in 0..<kernel {
                for j in 0..<kernel {
                  let y = row * step + i - border, x = column * step + j - border
                  guard 0..<height * zoom ~= y, 0..<width * zoom ~= x else { continue }
                  let pixel = ((sample * inputs + input) * height + y / zoom) * width + x / zoom
                  sum += Double(pixels[pixel]) * Double(taps[((output * inputs + input) * kernel + i) * kernel + j])
                }
              }
            }
            values.append(Float(sum))
          }
        }
      }
    }
    return Tensor(shape: [batch, weight.shape[0], rows, columns], values: values)
  }

  private func difference(_ a: Tensor, _ b: Tensor) -> Float {
    #expect(a.shape == b.shape)
    return zip(a.values, b.values).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }

  @Test("Small and odd sizes", arguments: resamplings)
  func smallConvolutions(_ resampling: Resampling) {
    for (height, width) in [(1, 1), (1, 5), (2, 2), (3, 4), (5, 3), (7, 9)]
    where resampling != .halved || (height > 1 && width > 1) {
      let x = randomTensor(2, 3, height, width, seed: 1), bias = randomTensor(4, seed: 3)
      let weight = randomTensor(4, 3, 3, 3, seed: 2)
      let expected = convolved(x, weight, bias, resampling)
      #expect(difference(x.conv2d(weight, bias: bias, resampling: resampling), expected) < 1e-5)
    }
  }

  @Test("Kernels of one pixel")
  func pointwise() {
    let x = randomTensor(2, 5, 37, 41, seed: 1), weight = randomTensor(3, 5, 1, 1, seed: 2)
    let bias = randomTensor(3, seed: 3)
    #expect(difference(x.conv2d(weight, bias: bias), convolved(x, weight, bias, .none)) < 1e-5)
  }

  @Test("Sizes of several blocks, with and without recording", arguments: resamplings)
  func largeConvolutions(_ resampling: Resampling) {
    for (channels, height, width) in [(16, 24, 26), (17, 38, 22), (20, 16, 302), (3, 40, 36), (16, 33, 35)] {
      let x = randomTensor(2, channels, height, width, seed: 1), bias = randomTensor(5, seed: 3)
      let weight = randomTensor(5, channels, 3, 3, seed: 2)
      let expected = convolved(x, weight, bias, resampling)
      #expect(difference(x.conv2d(weight, bias: bias, resampling: resampling), expected) < 2e-5)
      #expect(difference(x.tracked().conv2d(weight, bias: bias, resampling: resampling), expected) < 2e-5)
    }
  }

  @Test("Gradients of convolutions", arguments: resamplings)
  func convolutionGradients(_ resampling: Resampling) {
    let inputs = [randomTensor(2, 2, 3, 4, seed: 1), randomTensor(3, 2, 3, 3, seed: 2), randomTensor(3, seed: 3)]
    expectGradientsMatch(inputs) { $0[0].conv2d($0[1], bias: $0[2], resampling: resampling) }
    let many = [randomTensor(1, 18, 2, 3, seed: 1), randomTensor(2, 18, 3, 3, seed: 2), randomTensor(2, seed: 3)]
    expectGradientsMatch(many) { $0[0].conv2d($0[1], bias: $0[2], resampling: resampling) }
  }

  /// Channels and pixels enough for tiles: what the smaller cases take another way.
  @Test("Gradients of convolutions by tiles are those by columns", arguments: resamplings)
  func tiledGradients(_ resampling: Resampling) {
    let side = resampling == .doubled ? 10 : 20
    let x = randomTensor(3, 9, side, side, seed: 41), bias = randomTensor(10, seed: 43)
    let weight = randomTensor(10, 9, 3, 3, seed: 42)
    let leaves = [x, weight, bias].map { $0.tracked() }
    let y = leaves[0].conv2d(leaves[1], bias: leaves[2], resampling: resampling)
    let pull = randomTensor(y.count, seed: 44)
    let loss = y.reshaped(1, y.count).linear(pull.reshaped(1, y.count)).reshaped([])
    let found = gradients(of: loss, withRespectTo: leaves)
    // By the bilinearity of a convolution: its change along a direction is the convolution with that direction.
    for (index, leaf) in [x, weight, bias].enumerated() {
      let direction = randomTensor(leaf.count, seed: UInt64(50 + index)).reshaped(leaf.shape)
      let none = Tensor(shape: bias.shape, repeating: 0)
      let change =
        switch index {
        case 0: convolved(direction, weight, none, resampling)
        case 1: convolved(x, direction, none, resampling)
        default: convolved(Tensor(shape: x.shape, repeating: 0), weight, direction, resampling)
        }
      let expected = zip(change.values, pull.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let along = zip(found[index].values, direction.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(along - expected) < 1e-3 * max(1, abs(expected)), "input \(index): \(along), not \(expected)")
    }
  }

  @Test("Gradients of pooling, of the larger and of the mean")
  func poolingGradients() {
    let x = randomTensor(2, 3, 5, 6, seed: 45)
    #expect(x.maxPooled().shape == [2, 3, 2, 3])
    expectGradientsMatch([x], step: 1e-3) { $0[0].maxPooled() }
    expectGradientsMatch([x], step: 1e-3) { $0[0].relu() }
    expectGradientsMatch([x]) { $0[0].mean() }
  }

  @Test("Gradients of convolutions of one pixel")
  func pointwiseGradients() {
    let inputs = [randomTensor(2, 3, 2, 3, seed: 1), randomTensor(4, 3, 1, 1, seed: 2), randomTensor(4, seed: 3)]
    expectGradientsMatch(inputs) { $0[0].conv2d($0[1], bias: $0[2]) }
  }

  @Test("Gradients of group normalisation", arguments: [false, true])
  func groupNormGradients(silu: Bool) {
    let inputs = [randomTensor(2, 4, 2, 3, seed: 1), randomTensor(4, seed: 2), randomTensor(4, seed: 3)]
    for groups in [1, 2, 4] {
      expectGradientsMatch(inputs, step: 3e-3) {
        $0[0].groupNorm(groups: groups, gain: $0[1], bias: $0[2], eps: 1e-6, silu: silu)
      }
    }
  }

  @Test("Every group has mean 0 and variance 1 before gain and bias")
  func groupNorm() {
    let one = Tensor(shape: [6], repeating: 1), zero = Tensor(shape: [6], repeating: 0)
    let y = randomTensor(2, 6, 5, 7, seed: 1).groupNorm(groups: 3, gain: one, bias: zero, eps: 1e-6, silu: false)
    for group in 0..<6 {
      let values = y.values[group * 70..<(group + 1) * 70]
      #expect(abs(values.reduce(0, +) / 70) < 1e-5)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 70 - 1) < 1e-4)
    }
  }

  @Test("Pixels fold into channels in the order of rows, then columns, and back")
  func shuffle() {
    let x = Tensor(shape: [1, 1, 2, 4], values: [0, 1, 2, 3, 4, 5, 6, 7])
    let folded = x.pixelUnshuffle(2)
    #expect(folded.shape == [1, 4, 1, 2])
    #expect(folded.values == [0, 2, 1, 3, 4, 6, 5, 7])
    let y = randomTensor(2, 3, 6, 9, seed: 1)
    #expect(y.pixelUnshuffle(3).pixelShuffle(3).values == y.values)
    expectGradientsMatch([randomTensor(2, 2, 2, 4, seed: 1)]) { $0[0].pixelUnshuffle(2) }
    expectGradientsMatch([randomTensor(2, 8, 2, 1, seed: 1)]) { $0[0].pixelShuffle(2) }
  }

  @Test("Attention over pixels is attention over their rows of channels")
  func spatialAttention() {
    let shape = [2, 5, 9, 13]
    let parts = (1...3).map { randomTensor(2, 5, 9, 13, seed: $0) }
    let rows = parts.map { $0.reshaped(2, 5, 117).transposed() }
    let expected = rows[0].attend(KeyValues(keys: rows[1], values: rows[2]), heads: 1, causal: false)
    let found = parts[0].attendSpatially(keys: parts[1], values: parts[2])
    #expect(found.shape == shape)
    #expect(difference(found.reshaped(2, 5, 117).transposed(), expected) < 1e-5)
    let small = (1...3).map { randomTensor(2, 4, 2, 3, seed: $0) }
    expectGradientsMatch(small) { $0[0].attendSpatially(keys: $0[1], values: $0[2]) }
  }

  @Test("Gradients of attention over several blocks of pixels are those of attention over rows")
  func spatialAttentionGradients() {
    let parts = (1...3).map { randomTensor(1, 4, 9, 13, seed: $0).tracked() }
    let weights = Tensor(shape: [1, 468], values: randomTensor(468, seed: 9).values)
    let rows = parts.map { $0.reshaped(1, 4, 117).transposed() }
    let other = rows[0].attend(KeyValues(keys: rows[1], values: rows[2]), heads: 1, causal: false).transposed()
    let found = parts[0].attendSpatially(keys: parts[1], values: parts[2])
    let results = [found.reshaped(1, 468), other.reshaped(1, 468)].map {
      gradients(of: $0.linear(weights).reshaped([]), withRespectTo: parts)
    }
    for (a, b) in zip(results[0], results[1]) { #expect(difference(a, b) < 1e-5) }
  }

  @Test("Rows of unit length, and rows of zeros stay")
  func normalizedRows() {
    let y = Tensor(shape: [2, 2], values: [3, -4, 0, 0]).normalizedRows()
    #expect(y.values == [0.6, -0.8, 0, 0])
    expectGradientsMatch([randomTensor(3, 4, seed: 1)]) { $0[0].normalizedRows() }
    expectGradientsMatch([randomTensor(2, 3, 4, seed: 1)]) { $0[0].transposed() }
  }

  @Test("The nearest row is the first of equals, however many blocks there are")
  func nearestRows() {
    let rows = randomTensor(150, 6, seed: 1), table = randomTensor(2500, 6, seed: 2)
    let found = rows.nearestRows(in: table)
    let values = rows.values, entries = table.values
    for row in 0..<150 {
      let products = (0..<2500).map { entry in
        (0..<6).reduce(0.0) { $0 + Double(values[row * 6 + $1]) * Double(entries[entry * 6 + $1]) }
      }
      #expect(products[found[row]] >= (products.max() ?? 0) - 1e-5)
    }
    let equal = Tensor(shape: [3000, 1], values: (0..<3000).map { [7, 1023, 1024, 2999].contains($0) ? 2 : 1 })
    #expect(Tensor(shape: [2, 1], values: [1, -1]).nearestRows(in: equal) == [7, 0])
  }
}
