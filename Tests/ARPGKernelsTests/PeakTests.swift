import ARPGKernels
import Testing

@Suite("Peaks of the processor")
struct PeakTests {
  private static let levels = [ARPG_SIMD_SCALAR, ARPG_SIMD_AVX2, ARPG_SIMD_AVX512].compactMap {
    arpg_peaks_at($0)?.pointee
  }

  @Test("Every level that the kernels have gives the sums of the scalar one")
  func levels() throws {
    let kernels = [ARPG_SIMD_SCALAR, ARPG_SIMD_AVX2, ARPG_SIMD_AVX512].count { arpg_kernels_at($0) != nil }
    #expect(Self.levels.count == kernels)
    let scalar = try #require(Self.levels.first)
    for level in Self.levels {
      for count in [0, 1, 15, 63, 64, 65, 200, 1000] {
        let values = numbers(count, seed: 3)
        #expect(level.sum(values, count).bitPattern == scalar.sum(values, count).bitPattern, "\(count) values")
      }
      for rounds in [0, 1, 2, 7, 100] {
        let sum = level.multiply_add(rounds)
        #expect(sum.isFinite && sum.bitPattern == scalar.multiply_add(rounds).bitPattern, "\(rounds) rounds")
      }
    }
  }

  @Test("Sums are those of all values, and chains tend to one each")
  func values() throws {
    for level in Self.levels {
      #expect(level.sum((0..<1000).map(Float.init), 1000) == 499_500)
      // Lane l of chain c begins with (l + c) / 32, all of them with 78; a round halves what each lacks to 1.
      #expect(level.multiply_add(0) == 78)
      #expect(level.multiply_add(1) == (78 + 192) / 2)
      #expect(level.multiply_add(1000) == 192)
    }
  }
}
