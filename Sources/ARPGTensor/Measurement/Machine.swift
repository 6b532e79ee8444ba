import ARPGKernels
import Foundation

/// What the machine is, and what it can do at most with ``Parallel/threads`` threads.
package enum Machine {
  /// What the processor calls itself.
  package static var processor: String {
    #if canImport(Darwin)
      var name = [CChar](repeating: 0, count: 256), size = name.count
      guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return unnamed }
      return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #else
      let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
      let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
      return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? unnamed
    #endif
  }

  private static let unnamed = "an unnamed processor"

  /// The level of the kernels in use.
  package static var simdLevel: String {
    switch arpg_best_simd_level() {
    case ARPG_SIMD_AVX512: "AVX-512"
    case ARPG_SIMD_AVX2: "AVX2"
    default: "scalar"
    }
  }

  /// How many times a peak is measured; the best counts, since other work can only slow it.
  private static let rounds = 5

  private static var peaks: arpg_peaks? { arpg_peaks_at(arpg_best_simd_level())?.pointee }

  /// Bytes a second that all threads together read from memory in order: those of 256 MB, which no cache holds.
  package static func readRate() -> Double {
    let buffer = Tensor(shape: [1 << 26], repeating: 1)
    guard let peaks else { return 0 }
    return best(of: Double(buffer.count * MemoryLayout<Float>.stride)) {
      Parallel.forRanges(buffer.count, grain: 1 << 16) { range in
        _ = peaks.sum(buffer.pointer + range.lowerBound, range.count)
      }
    }
  }

  /// Floating-point operations a second of all threads together, in 32-bit fused multiply-adds that wait for nothing.
  package static func multiplyAddRate() -> Double {
    guard let peaks else { return 0 }
    let threads = Parallel.threads
    func run(_ rounds: Int) { Parallel.forEach(threads) { _ in _ = peaks.multiply_add(rounds) } }
    // As many as take a thirtieth of a second.
    let few = 1 << 12
    run(few)
    let count = max(few, Int(Double(few) / 30 / max(1e-7, seconds { run(few) })))
    return best(of: Double(threads * count * Int(ARPG_PEAK_OPERATIONS))) { run(count) }
  }

  private static func best(of amount: Double, _ work: () -> Void) -> Double {
    amount / max(1e-9, (0..<rounds).map { _ in seconds(work) }.min() ?? .infinity)
  }

  private static func seconds(_ work: () -> Void) -> Double { ContinuousClock().measure(work).seconds }
}
