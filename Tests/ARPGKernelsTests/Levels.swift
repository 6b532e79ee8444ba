import ARPGKernels
import Testing

/// A level that this machine has, beside the scalar reference.
struct Level: CustomTestStringConvertible {
  let name: String
  let kernels: arpg_kernels

  var testDescription: String { name }

  static let available: [Level] = [
    ("AVX2", ARPG_SIMD_AVX2), ("AVX-512", ARPG_SIMD_AVX512), ("NEON", ARPG_SIMD_NEON),
  ].compactMap { name, level in arpg_kernels_at(level).map { Level(name: name, kernels: $0.pointee) } }
}

/// The scalar kernels.
func reference() throws -> arpg_kernels { try #require(arpg_kernels_at(ARPG_SIMD_SCALAR)).pointee }

/// Numbers in `-scale ..< scale` that are the same in every run.
func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Float(state >> 40) / Float(1 << 23) - 1) * scale
  }
}

/// Numbers of very different sizes, of both signs, with the special ones among them.
func extremes(_ count: Int, seed: UInt64) -> [Float] {
  let special: [Float] = [
    0, -0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, -87.3,
    87.3, 88, 88.5, -88, 104, -104,
  ]
  return numbers(count, seed: seed, scale: 120).enumerated().map { index, value in
    index % 7 == 3 ? special[index / 7 % special.count] : value
  }
}

/// Widths around the sixteen lanes.
let widths = [1, 3, 15, 16, 17, 31, 33, 48, 64, 100, 257]
