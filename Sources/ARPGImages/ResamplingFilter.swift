import Foundation

/// How a pixel of a scaled image is made from those of the original.
public enum ResamplingFilter: Sendable, CaseIterable {
  /// The pixel under the centre.
  case nearest
  /// The mean of the pixels whose centres the new pixel covers.
  case box
  /// The mean of what the new pixel covers, pixels that it covers in part counting in part.
  case area
  /// A triangle, widened when shrinking.
  case bilinear
  /// Keys' cubic with a = -0.5 (IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981), widened when shrinking.
  case bicubic

  fileprivate var support: Double {
    switch self {
    case .nearest: 0
    case .box, .area: 0.5
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  fileprivate func weight(_ position: Double) -> Double {
    let distance = abs(position)
    switch self {
    case .nearest, .area: return 1
    case .box: return position > -0.5 && position <= 0.5 ? 1 : 0
    case .bilinear: return max(0, 1 - distance)
    case .bicubic:
      if distance < 1 { return (1.5 * distance - 2.5) * distance * distance + 1 }
      if distance < 2 { return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 }
      return 0
    }
  }
}

/// For each output position of one axis, the inputs that it is made of and their weights, which add up to one.
struct ResamplingWeights {
  /// The first input of each output.
  private(set) var starts: [Int] = []
  /// Where the weights of each output begin in `weights`; one more entry than there are outputs.
  private(set) var offsets: [Int] = [0]
  private(set) var weights: [Double] = []

  /// Weights that scale `input` positions to `output`, for those in `window` alone.
  init(input: Int, output: Int, window: Range<Int>, filter: ResamplingFilter) {
    let scale = Double(input) / Double(output)
    for index in window {
      let (start, taps) = Self.taps(index, input: input, scale: scale, filter: filter)
      let sum = taps.reduce(0, +)
      starts.append(start)
      weights += sum == 0 ? taps : taps.map { $0 / sum }
      offsets.append(weights.count)
    }
  }

  private static func taps(_ index: Int, input: Int, scale: Double, filter: ResamplingFilter) -> (Int, [Double]) {
    let center = (Double(index) + 0.5) * scale
    switch filter {
    case .nearest:
      return (min(Int(center), input - 1), [1])
    case .area:
      let (low, high) = (Double(index) * scale, Double(index + 1) * scale)
      let first = min(Int(low), input - 1)
      let last = max(first, min(Int(high.rounded(.up)), input) - 1)
      return (first, (first...last).map { max(0, min(high, Double($0 + 1)) - max(low, Double($0))) })
    case .box, .bilinear, .bicubic:
      let widening = max(scale, 1)
      let support = filter.support * widening
      let first = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), input)
      return (first, (first..<end).map { filter.weight((Double($0) - center + 0.5) / widening) })
    }
  }

  /// The inputs that any output needs.
  var inputs: Range<Int> {
    let ends = starts.indices.map { starts[$0] + offsets[$0 + 1] - offsets[$0] }
    return (starts.min() ?? 0)..<(ends.max() ?? 0)
  }
}
