import ARPGTensor
import Testing

@Suite("Philox4x32-10")
struct PhiloxTests {
  @Test("Gives the words that its authors publish")
  func knownAnswers() {
    let cases: [(UInt64, SIMD4<UInt32>, SIMD4<UInt32>)] = [
      (0, SIMD4(0, 0, 0, 0), SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
      (
        .max, SIMD4(repeating: .max), SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        0x299f_31d0_a409_3822, SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ]
    for (seed, counter, words) in cases { #expect(Philox(seed: seed).words(at: counter) == words) }
  }

  @Test("Uniform numbers lie in [0, 1) and have the mean and variance of a uniform distribution")
  func uniform() {
    let generator = Philox(seed: 7)
    let numbers = (0..<20_000).map { generator.uniform(at: SIMD4($0, 1, 2, 3)) }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
    #expect(abs(mean - 0.5) < 0.01 && abs(variance - 1 / 12.0) < 0.005)
    #expect(Set(numbers).count == numbers.count)
  }
}
