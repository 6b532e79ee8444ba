import Foundation

/// The curve of a loss over steps as an SVG: each record a faint line, their moving mean a strong one.
struct LossCurve {
  let records: [LogRecord]

  private static let width = 720.0, height = 360.0, margin = 48.0
  /// More points than pixels show nothing.
  private static let maxPoints = 1440

  var svg: String {
    let stride = max(1, records.count / Self.maxPoints)
    let points = records.enumerated().filter { $0.offset % stride == 0 && $0.element.loss.isFinite }.map(\.element)
    let last = Double(max(1, points.last?.step ?? 1))
    let losses = points.map(\.loss)
    let low = min(0, losses.min() ?? 0), high = max(low + 1e-6, losses.max() ?? 1)
    func place(_ step: Int, _ loss: Double) -> String {
      let x = Self.margin + Double(step) / last * (Self.width - 2 * Self.margin)
      let y = Self.height - Self.margin - (loss - low) / (high - low) * (Self.height - 2 * Self.margin)
      return String(format: "%.1f,%.1f", x, y)
    }
    var mean = losses.first ?? 0
    let smooth = points.map { point in
      mean += 0.1 * (point.loss - mean)
      return place(point.step, mean)
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
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(Self.height)" font-family="sans-serif" \
      font-size="11">
      <rect width="100%" height="100%" fill="#fff"/>
      \(ticks.joined(separator: "\n"))
      <text x="\(Self.margin)" y="\(bottom + 18)">0</text>
      <text x="\(right)" y="\(bottom + 18)" text-anchor="end">step \(Int(last))</text>
      <text x="\(Self.margin)" y="\(Self.margin - 14)">loss</text>
      <polyline fill="none" stroke="#9bc" points="\(points.map { place($0.step, $0.loss) }.joined(separator: " "))"/>
      <polyline fill="none" stroke="#157" stroke-width="2" points="\(smooth.joined(separator: " "))"/>
      </svg>

      """
  }
}
