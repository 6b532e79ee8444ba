import Metrics
import Synchronization

/// Keeps what is counted through swift-metrics and tells it in the text format of Prometheus (version 0.0.4).
public final class PrometheusMetrics: MetricsFactory {
  private let state = Mutex(State())

  private struct State {
    var counters: [String: [String: Int64]] = [:]
    var gauges: [String: [String: Double]] = [:]
    var summaries: [String: [String: (sum: Double, count: Int64)]] = [:]
  }

  /// Nothing counted yet.
  public init() {}

  /// All values as text.
  public var text: String {
    let state = state.withLock { $0 }
    var lines: [String] = []
    for (name, values) in state.counters.sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE \(name) counter")
      lines += values.sorted { $0.key < $1.key }.map { "\(name)\($0.key) \($0.value)" }
    }
    for (name, values) in state.gauges.sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE \(name) gauge")
      lines += values.sorted { $0.key < $1.key }.map { "\(name)\($0.key) \($0.value)" }
    }
    for (name, values) in state.summaries.sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE \(name) summary")
      for (labels, value) in values.sorted(by: { $0.key < $1.key }) {
        lines += ["\(name)_sum\(labels) \(value.sum)", "\(name)_count\(labels) \(value.count)"]
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Sets a value that is measured when somebody asks.
  func set(_ name: String, _ value: Double) { state.withLock { $0.gauges[name, default: [:]][""] = value } }

  /// One value of a name: all kinds of swift-metrics in one.
  private final class Handler: CounterHandler, RecorderHandler, TimerHandler {
    let factory: PrometheusMetrics
    let name, labels: String

    init(_ factory: PrometheusMetrics, _ name: String, _ dimensions: [(String, String)]) {
      self.factory = factory
      self.name = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      let pairs = dimensions.map { key, value in
        "\(key)=\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
      }
      labels = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    func increment(by amount: Int64) {
      factory.state.withLock { $0.counters[name, default: [:]][labels, default: 0] += amount }
    }

    func reset() { factory.state.withLock { $0.counters[name]?[labels] = 0 } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
      factory.state.withLock { state in
        var summary = state.summaries[name, default: [:]][labels] ?? (0, 0)
        summary.sum += value
        summary.count += 1
        state.summaries[name, default: [:]][labels] = summary
      }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  }

  /// A counter: `NAME{LABELS} VALUE`.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    Handler(self, label, dimensions)
  }

  /// A summary: sum and number of what is recorded.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    Handler(self, label, dimensions)
  }

  /// A summary in seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    Handler(self, label, dimensions)
  }

  /// Nothing: its values are told on.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// Nothing: its values are told on.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Nothing: its values are told on.
  public func destroyTimer(_ handler: any TimerHandler) {}
}
