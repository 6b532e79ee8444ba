import ARPGKernels
import Testing

@Suite("Kernels of pixels")
struct PixelTests {
  private static let panel = 16, points = Int(ARPG_TILE_POINTS)
  /// Two panels of channels and one that is not full.
  private static let channels = 48, inputs = 37, tiles = 11

  /// What a kernel writes, into memory that nothing may be written behind.
  private func written(_ count: Int, _ run: (UnsafeMutablePointer<Float>) -> Void) -> [UInt32] {
    let out = GuardedArray([Float](repeating: 7, count: count))
    run(out.pointer)
    return out.bits(keepNaN: false)
  }

  @Test(
    "Every level gives the bits of the reference",
    arguments: [ARPG_SIMD_AVX2, ARPG_SIMD_AVX512, ARPG_SIMD_NEON].map(\.rawValue))
  func levels(level: UInt32) throws {
    guard let found = arpg_pixels_at(arpg_simd_level(level))?.pointee else { return }
    let reference = try #require(arpg_pixels_at(ARPG_SIMD_SCALAR)).pointee
    let (channels, inputs, tiles) = (Self.channels, Self.inputs, Self.tiles)
    func compare(_ what: String, _ count: Int, _ run: (arpg_pixels, UnsafeMutablePointer<Float>) -> Void) {
      let results = [reference, found].map { kernels in written(count) { run(kernels, $0) } }
      #expect(results[0] == results[1], "\(what)")
    }
    let halves = numbers(inputs * 9 * 16, seed: 1).map { Float16($0).bitPattern }
    compare("weights", Self.points * inputs * 16) { $0.weights(halves, $1, inputs) }
    let line = 7 * channels, patch = GuardedArray(numbers(5 * line + 6 * channels, seed: 2))
    compare("input", 35 * (channels + 16) + channels) { $0.input(patch.pointer, line, channels, $1, channels + 16) }
    for depth in [1, 31, 37, 128, 129, 300] {
      for tiles in [1, 3, 4, 8, 9, tiles] {
        let stride = (depth + 15) / 16 * 16
        let v = GuardedArray(numbers((Self.points * tiles - 1) * stride + depth, seed: 3))
        let u = (4...5).map { GuardedArray(numbers(Self.points * depth * 16, seed: $0)) }
        for second in [nil, u[1].pointer] {
          compare("multiply \(depth) \(tiles)", Self.points * tiles * (second == nil ? 16 : 32)) {
            $0.multiply(v.pointer, stride, u[0].pointer, second, $1, tiles, depth)
          }
        }
      }
    }
    let step = 2 * 16, m = GuardedArray(numbers(35 * step + 16, seed: 6))
    let bias = GuardedArray(numbers(16, seed: 7))
    for (rows, columns) in [(4, 4), (1, 4), (3, 2), (4, 1)] {
      let count = (rows - 1) * line + (columns - 1) * channels + 16
      let added = GuardedArray(numbers(count, seed: 8))
      for base in [nil, added.pointer] {
        compare("output \(rows) x \(columns)", count) {
          $0.output(m.pointer, step, bias.pointer, base, $1, line, channels, rows, columns)
        }
      }
    }
    let values = GuardedArray(extremes(tiles * channels, seed: 9))
    let (scale, shift) = (GuardedArray(numbers(channels, seed: 10)), GuardedArray(numbers(channels, seed: 11)))
    for silu in [Int32(0), 1] {
      compare("activate", tiles * channels) {
        $0.activate(values.pointer, scale.pointer, shift.pointer, silu, $1, tiles, channels)
      }
    }
    let moments = [reference, found].map { kernels -> [[UInt64]] in
      let sums = GuardedArray([Double](repeating: 0.5, count: channels))
      let squares = GuardedArray([Double](repeating: 1.5, count: channels))
      kernels.moments(patch.pointer, sums.pointer, squares.pointer, 11, channels)
      return [sums, squares].map { $0.values.map(\.bitPattern) }
    }
    #expect(moments[0] == moments[1])
  }

  @Test("The points of a tile give its convolution", arguments: [(4, 4), (2, 3), (1, 1)])
  func oneTile(rows: Int, columns: Int) throws {
    let kernels = try #require(arpg_pixels_at(ARPG_SIMD_SCALAR)).pointee
    let (channels, inputs) = (16, 13)
    let weights = numbers(inputs * 9 * 16, seed: 1).map { Float16($0) }
    let patch = numbers(36 * channels, seed: 2), bias = numbers(16, seed: 3)
    var u = [Float](repeating: 0, count: Self.points * inputs * 16), v = [Float](repeating: 0, count: 36 * channels)
    var m = [Float](repeating: 0, count: 36 * 16), y = [Float](repeating: 9, count: 16 * 16)
    kernels.weights(weights.map(\.bitPattern), &u, inputs)
    kernels.input(patch, 6 * channels, channels, &v, channels)
    kernels.multiply(v, channels, u, nil, &m, 1, inputs)
    kernels.output(m, 16, bias, nil, &y, 4 * 16, 16, rows, columns)
    for row in 0..<4 {
      for column in 0..<4 {
        for output in 0..<16 {
          let found = y[(row * 4 + column) * 16 + output]
          guard row < rows, column < columns else {
            #expect(found == 9)
            continue
          }
          var expected = Double(bias[output])
          for input in 0..<inputs {
            for tap in 0..<9 {
              let pixel = (row + tap / 3) * 6 + column + tap % 3
              expected += Double(weights[(input * 9 + tap) * 16 + output]) * Double(patch[pixel * channels + input])
            }
          }
          #expect(abs(Double(found) - expected) < 5e-5)
        }
      }
    }
  }
}
