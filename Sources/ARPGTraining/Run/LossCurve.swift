import Foundation

/// The curves of losses over steps as an SVG: the training loss of each record a faint line and its moving mean a strong one,
/// and each loss on held-out data a line of its own.
struct LossCurve {
  let records: [LogRecord]

  private static let width = 720.0, height = 360.0, margin = 48.0
  /// More points than pixels show nothing.
  private static let maxPoints = 1440
  private static let colours = ["#c40", "#283", "#82a", "#a70", "#088", "#777"]

  private struct Point {
    let step: Int
    let loss: Double
  }

  /// The losses on held-out data by their names; a signal-to-noise ratio is none.
  private var heldOut: [(name: String, points: [Point])] {
    let prefix = LogRecord.heldOutPrefix
    let keys = Set(records.flatMap(\.metrics.keys)).filter { $0.hasPrefix(prefix) && $0 != prefix + "psnr" }
    return keys.sorted().map { key in
      let points = records.compactMap { record in record.metrics[key].map { Point(step: record.step, loss: $0) } }
      return (String(key.dropFirst(prefix.count)), Self.thinned(points))
    }
  }

  private static func thinned(_ points: [Point]) -> [Point] {
    let stride = max(1, points.count / maxPoints)
    return points.enumerated().filter { $0.offset % stride == 0 && $0.element.loss.isFinite }.map(\.element)
  }

  var svg: String {
    let points = Self.thinned(records.map { Point(step: $0.step, loss: $0.loss) }), heldOut = heldOut
    let all = points + heldOut.flatMap(\.points)
    let last = Double(max(1, all.map(\.step).max() ?? 1))
    let low = min(0, all.map(\.loss).min() ?? 0), high = max(low + 1e-6, all.map(\.loss).max() ?? 1)
    func place(_ step: Int, _ loss: Double) -> String {
      let x = Self.margin + Double(step) / last * (Self.width - 2 * Self.margin)
      let y = Self.height - Self.margin - (loss - low) / (high - low) * (Self.height - 2 * Self.margin)
      return String(format: "%.1f,%.1f", x, y)
    }
    func line(_ points: [Point]) -> String { points.map { place($0.step, $0.loss) }.joined(separator: " ") }
    var mean = points.first?.loss ?? 0
    let smooth = points.map { point in
      mean += 0.1 * (point.loss - mean)
      return Point(step: point.step, loss: mean)
    }
    let bottom = Self.height - Self.margin, right = Self.width - Self.margin
    let ticks = (0...4).map { index in
      let value = low + (high - low) * Double(index) / 4
      let y = bottom - Double(index) / 4 * (bottom - Self.margin)
      return """
        <line x1="\(Self.margin)" y1="\(y)" x2="\(right)" y2="\(y)" stroke="#ddd"/>
        <text x="\(Self.margin - 6)" y="\(y + 4)" text-anchor="end">\(String(format: "%.3g", value))</text>
        """
    }
    let others = heldOut.enumerated().map { number, curve in
      let colour = Self.colours[number % Self.colours.count]
      return """
        <polyline fill="none" stroke="\(colour)" stroke-width="1.5" points="\(line(curve.points))"/>
        <text x="\(right)" y="\(Self.margin - 14 + 14 * Double(number))" text-anchor="end" fill="\(colour)">held out: \
        \(curve.name)</text>
        """
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(Self.height)" font-family="sans-serif" \
      font-size="11">
      <rect width="100%" height="100%" fill="#fff"/>
      \(ticks.joined(separator: "\n"))
      <text x="\(Self.margin)" y="\(bottom + 18)">0</text>
      <text x="\(right)" y="\(bottom + 18)" text-anchor="end">step \(Int(last))</text>
      <text x="\(Self.margin)" y="\(Self.margin - 14)">loss</text>
      <polyline fill="none" stroke="#9bc" points="\(line(points))"/>
      <polyline fill="none" stroke="#157" stroke-width="2" points="\(line(smooth))"/>
      \(others.joined(separator: "\n"))
      </svg>

      """
  }
}
