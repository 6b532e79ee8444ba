import Foundation

/// Turns the logits of one position into a code.
public struct LogitFilter: Sendable {
  private let temperature: Float
  private let topK: Int
  private let topP: Float

  /// The filter of some settings.
  public init(_ settings: SamplingSettings) {
    temperature = max(settings.temperature, 1e-5)
    topK = settings.topK
    topP = settings.topP
  }

  /// Divides by the temperature, then sets to -infinity what top-k, then top-p leave out.
  ///
  /// top-k keeps every logit that is not below the k-th; top-p drops a code when the mass before it, from the most likely
  /// on, already exceeds p (Holtzman et al., arXiv 1904.09751). The most likely code always stays.
  public func apply(to logits: UnsafeMutableBufferPointer<Float>) {
    for index in logits.indices { logits[index] /= temperature }
    if topK > 0, topK < logits.count {
      let threshold = logits.sorted(by: >)[topK - 1]
      for index in logits.indices where logits[index] < threshold { logits[index] = -.infinity }
    }
    if topP < 1 { keepNucleus(logits) }
  }

  private func keepNucleus(_ logits: UnsafeMutableBufferPointer<Float>) {
    let ranked = logits.indices.filter { logits[$0] > -.infinity }
      .sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    guard let first = ranked.first else { return }
    let largest = Double(logits[first])
    let weights = ranked.map { exp(Double(logits[$0]) - largest) }
    let total = weights.reduce(0, +)
    var mass = 0.0
    for (index, weight) in zip(ranked, weights) {
      if mass > Double(topP) * total { logits[index] = -.infinity }
      mass += weight
    }
  }

  /// Filters the logits, then takes the first code whose cumulative probability, in code order, exceeds a number in
  /// [0, 1); without a number, or with top-k 1, the first of the most likely codes.
  public func draw(from logits: UnsafeMutableBufferPointer<Float>, uniform: Double?) -> Int {
    guard let uniform, topK != 1 else { return Self.maxLikely(logits) }
    apply(to: logits)
    let largest = Double(logits[Self.maxLikely(logits)])
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: logits.count) { weights in
      var total = 0.0
      for (code, logit) in logits.enumerated() {
        let weight = logit > -.infinity ? exp(Double(logit) - largest) : 0
        weights.initializeElement(at: code, to: weight)
        total += weight
      }
      var mass = 0.0
      var last = 0
      for code in weights.indices where weights[code] > 0 {
        mass += weights[code]
        last = code
        if mass > uniform * total { return code }
      }
      return last
    }
  }

  private static func maxLikely(_ logits: UnsafeMutableBufferPointer<Float>) -> Int {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return best
  }
}
