import Foundation

/// A line on standard error that shows how far long work has come; silent where standard error is no terminal.
final class ProgressLine {
  private let unit: String
  private let total: Int
  private let first: Int
  /// Whether there is a terminal to show it on.
  let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?

  /// A line for work of a number of units, such as "tokens", of which the first few were done earlier.
  init(unit: String, total: Int, quiet: Bool, first: Int = 0) {
    self.unit = unit
    self.total = total
    self.first = first
    isShown = !quiet && isatty(STDERR_FILENO) == 1
    start = clock.now
  }

  /// Shows that some of the units are done, with a note behind the bar; redraws at most ten times a second.
  func update(done: Int, note: String? = nil) {
    guard isShown else { return }
    let now = clock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(100), done < total { return }
    lastDrawn = now
    let seconds = (now - start).seconds
    let rate = Double(done - first) / max(seconds, 1e-9)
    let left = Double(total - done) / max(rate, 1e-9)
    let filled = total > 0 ? done * Self.width / total : Self.width
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    let speed = note ?? "\(Int(rate)) \(unit)/s"
    write("\r\(bar) \(done)/\(total) \(unit)  \(speed)  \(Self.format(left)) left ")
  }

  /// Removes the line.
  func finish() {
    if lastDrawn != nil { write("\r\u{1B}[K") }
    lastDrawn = nil
  }

  private static let width = 24

  private static func format(_ seconds: Double) -> String {
    seconds < 60 ? String(format: "%.1f s", seconds) : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  }

  private func write(_ text: String) {
    StandardStreams.message(text + "\u{1B}[K")
  }
}
