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

  /// The slots of the positions that are kept, the surest first and the equally sure as they come, and the codes drawn there.
  ///
  /// - Parameters:
  ///   - count: how many are kept.
  ///   - logits: `[1, positions, vocab]`; they stay as they are.
  ///   - positions: raster positions.
  ///   - image: the number of the image.
  func keeping(_ count: Int, of logits: Tensor, at positions: [Int], image: Int) -> [(slot: Int, code: Int)] {
    let vocab = logits.shape[2]
    let drawn = Parallel.map(positions.count) { slot in
      logits.withUnsafeMutableValues { values in
        draw(from: UnsafeBufferPointer(rebasing: values[(slot * vocab)...].prefix(vocab)), at: positions[slot], image)
      }
    }
    return drawn.enumerated().sorted { (-$0.element.confidence, $0.offset) < (-$1.element.confidence, $1.offset) }
      .prefix(count).map { ($0.offset, $0.element.code) }
  }

  private func draw(
    from logits: UnsafeBufferPointer<Float>, at position: Int, _ image: Int
  ) -> (code: Int, confidence: Double) {
    let numbers = random.confidence(image: image, position: position, step: step)
    let code = withUnsafeTemporaryAllocation(of: Float.self, capacity: logits.count) { copy in
      _ = copy.initialize(from: logits)
      return filter.draw(from: copy, uniform: numbers.code)
    }
    let largest = Double(logits.max() ?? 0)
    let total = logits.reduce(0) { $0 + exp(Double($1) - largest) }
    // A number of 0 would have an infinite logarithm.
    let gumbel = -log(-log(max(numbers.noise, 0x1p-60)))
    let confidence = Double(logits[code]) - largest - log(total) + noise * gumbel
    return (code, confidence.isNaN ? -.infinity : confidence)
  }
}
