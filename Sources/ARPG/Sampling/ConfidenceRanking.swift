import ARPGTensor
import Foundation

/// Which of the codes drawn for all open positions of an image are kept in a step: those with the largest `log p + t · g`, `p`
/// being the probability of the code drawn, after guidance and before temperature and filters, `g` a number of the Gumbel
/// distribution, and `t` the noise, which falls to 0 in proportion to the steps: `noise · (1 - (step + 1) / steps)`.
///
/// Source: MaskGIT (Chang et al., arXiv 2202.04200, section 3.2) and its published sampler.
struct ConfidenceRanking {
  private let filter: LogitFilter
  private let random: any RandomSource
  private let noise: Double
  private let step: Int

  /// The ranking of a step, from 0, among some.
  init(_ settings: SamplingSettings, _ random: any RandomSource, step: Int, of steps: Int) {
    filter = LogitFilter(settings)
    self.random = random
    self.step = step
    noise = Double(settings.confidenceNoise) * (1 - Double(step + 1) / Double(steps))
  }

  /// A code that was drawn, and how sure it is.
  typealias Drawn = (code: Int, confidence: Double)

  /// The slots of the codes that are kept, the surest first and the equally sure as they come.
  static func surest(_ count: Int, of drawn: ArraySlice<Drawn>) -> [Int] {
    drawn.enumerated().sorted { (-$0.element.confidence, $0.offset) < (-$1.element.confidence, $1.offset) }
      .prefix(count).map(\.offset)
  }

  /// Draws a code from logits, which stay as they are.
  ///
  /// - Parameters:
  ///   - position: raster position.
  ///   - image: the number of the image.
  func draw(from logits: UnsafeBufferPointer<Float>, at position: Int, image: Int) -> Drawn {
    let numbers = random.confidence(image: image, position: position, step: step)
    let code = withUnsafeTemporaryAllocation(of: Float.self, capacity: logits.count) { copy in
      _ = copy.initialize(from: logits)
      return filter.draw(from: copy, uniform: numbers.code)
    }
    let largest = logits.max() ?? 0
    let total = withUnsafeTemporaryAllocation(of: Double.self, capacity: logits.count) {
      exponentials(of: logits, below: largest, into: $0)
    }
    // A number of 0 would have an infinite logarithm.
    let gumbel = -log(-log(max(numbers.noise, 0x1p-60)))
    let confidence = Double(logits[code]) - Double(largest) - log(total) + noise * gumbel
    return (code, confidence.isNaN ? -.infinity : confidence)
  }
}
