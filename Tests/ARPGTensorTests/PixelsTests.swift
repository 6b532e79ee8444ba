import ARPGTensor
import Testing

@Suite("Images whose channels lie side by side")
struct PixelsTests {
  private let memory = PixelMemory()

  private func random(_ shape: [Int], _ number: Int) -> Tensor {
    Philox(seed: 5).normalTensor(shape: shape, deviation: 1, number: number, purpose: .custom(7))
  }

  /// Weights that half precision holds exactly, packed and as they are.
  private func weights(_ shape: [Int], _ number: Int) -> (packed: PackedMatrix, full: Tensor) {
    let packed = PackedMatrix(random(shape, number), as: .float16)
    return (packed, packed.tensor.reshaped(shape))
  }

  /// An image in both layouts.
  private func image(_ channels: Int, _ height: Int, _ width: Int, _ number: Int) -> (pixels: Pixels, tensor: Tensor) {
    let tensor = random([1, channels, height, width], number)
    let rows = tensor.reshaped(1, channels, height * width).transposed()
    return (Pixels(rows: rows, height: height, width: width, memory), tensor)
  }

  private func error(_ found: Tensor, _ expected: Tensor) -> Float {
    #expect(found.shape == expected.shape)
    let largest = expected.values.map(abs).max() ?? 1
    return zip(found.values, expected.values).map { abs($0 - $1) }.max().map { $0 / largest } ?? 0
  }

  /// Sides and channels around tiles, panels and areas; the largest has more tiles than are taken at once.
  private static let sizes = [
    (1, 1, 3, 1), (3, 5, 8, 3), (4, 4, 16, 16), (7, 13, 40, 33), (16, 16, 33, 48), (33, 66, 20, 17), (40, 50, 130, 5),
  ]

  @Test("Convolutions", arguments: sizes)
  func convolution(height: Int, width: Int, inputs: Int, outputs: Int) {
    let x = image(inputs, height, width, 1), w = weights([outputs, inputs, 3, 3], 2), bias = random([outputs], 3)
    let plain = x.pixels.convolved(w.packed, bias: bias, memory)
    #expect(error(plain.tensor, x.tensor.conv2d(w.full, bias: bias)) < 2e-5)
    let alone = Parallel.limited(to: 1) { x.pixels.convolved(w.packed, bias: bias, memory) }
    #expect(alone.tensor.values == plain.tensor.values)
    let doubled = x.pixels.convolved(w.packed, bias: bias, doubled: true, memory)
    #expect(error(doubled.tensor, x.tensor.conv2d(w.full, bias: bias, resampling: .doubled)) < 2e-5)
    // A sum becomes the memory of what is added.
    let other = image(outputs, height, width, 4)
    let gain = random([inputs], 5), shift = random([inputs], 6)
    let normalization = x.pixels.normalization(groups: 1, gain: gain, bias: shift, eps: 1e-6, silu: true)
    let sum = x.pixels.convolved(w.packed, bias: bias, normalizing: normalization, adding: other.pixels, memory)
    let expected = x.tensor.groupNorm(groups: 1, gain: gain, bias: shift, eps: 1e-6, silu: true)
      .conv2d(w.full, bias: bias)
    #expect(error(sum.tensor, expected + other.tensor) < 2e-5)
  }

  @Test("Products of pixels, with and without a sum", arguments: sizes)
  func products(height: Int, width: Int, inputs: Int, outputs: Int) {
    let x = image(inputs, height, width, 1), w = weights([outputs, inputs, 1, 1], 2), bias = random([outputs], 3)
    let expected = x.tensor.conv2d(w.full, bias: bias)
    #expect(error(x.pixels.product(w.packed, bias: bias, memory).tensor, expected) < 2e-5)
    let other = image(outputs, height, width, 4)
    let sum = x.pixels.product(w.packed, bias: bias, adding: other.pixels, memory)
    #expect(error(sum.tensor, expected + other.tensor) < 2e-5)
    // The channels behind the last one stay zeros, which what follows relies on.
    let back = weights([inputs, outputs, 3, 3], 5)
    let twice = sum.convolved(back.packed, bias: random([inputs], 6), memory)
    #expect(error(twice.tensor, sum.tensor.conv2d(back.full, bias: random([inputs], 6))) < 2e-5)
  }

  @Test(
    "Normalisation of groups, on one thread and on all", arguments: [(4, 1, 1, 3), (32, 9, 7, 2), (48, 40, 41, 12)])
  func normalization(channels: Int, height: Int, width: Int, groups: Int) {
    let count = channels / groups * groups
    let x = image(count, height, width, 1), gain = random([count], 2), bias = random([count], 3)
    for silu in [false, true] {
      func normalized() -> Tensor {
        let normalization = x.pixels.normalization(groups: groups, gain: gain, bias: bias, eps: 1e-6, silu: silu)
        return x.pixels.normalized(normalization, memory).tensor
      }
      let expected = x.tensor.groupNorm(groups: groups, gain: gain, bias: bias, eps: 1e-6, silu: silu)
      #expect(error(normalized(), expected) < 2e-5)
      #expect(Parallel.limited(to: 1, normalized).values == normalized().values)
    }
  }

  @Test("Attention from every pixel to every pixel", arguments: [(16, 4, 4), (40, 5, 7), (64, 17, 16)])
  func attention(channels: Int, height: Int, width: Int) {
    let (q, k, v) = (
      image(channels, height, width, 1), image(channels, height, width, 2), image(channels, height, width, 3)
    )
    let found = q.pixels.attended(keys: k.pixels, values: v.pixels, memory)
    #expect(error(found.tensor, q.tensor.attendSpatially(keys: k.tensor, values: v.tensor)) < 2e-5)
  }

  @Test("Memory of an image that is done with serves the next")
  func reuse() {
    let memory = PixelMemory()
    let first = image(16, 8, 8, 1).pixels
    let bias = random([16], 2), w = weights([16, 16, 3, 3], 3).packed
    let expected = first.convolved(w, bias: bias, memory)
    let values = expected.tensor.values
    for _ in 0..<3 {
      let again = first.convolved(w, bias: bias, memory)
      #expect(again.tensor.values == values)
      memory.give(again)
    }
    #expect(expected.tensor.values == values)
  }
}
