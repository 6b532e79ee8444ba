import CBLASPeer
import Foundation

/// What the benchmark runs on.
enum Machine {
  /// The processor as the system names it.
  static var processor: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "an unnamed processor"
  }

  /// OpenBLAS, its version and the kernels that it chose.
  static var openBLAS: String { openblas_get_config().map { String(cString: $0) } ?? "OpenBLAS" }

  static func seconds(_ work: () -> Void) -> Double {
    let duration = ContinuousClock().measure(work).components
    return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }

  /// Keeps a result from being optimised away.
  @inline(never) static func keep(_ value: Int32) {
    if value == .min { print(value) }
  }
}

extension Double {
  /// With so many digits after the point.
  func formatted(digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
