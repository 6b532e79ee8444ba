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
      let threshold = Self.value(ranked: topK - 1, in: logits)
      for index in logits.indices where logits[index] < threshold { logits[index] = -.infinity }
    }
    if topP < 1 { keepNucleus(logits) }
  }

  /// A number whose order is that of the logit's value; -0 is 0.
  private static func order(_ logit: Float) -> UInt32 {
    let bits = (logit + 0).bitPattern
    return bits & 1 << 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// The logit that has some number of larger or equal ones before it. Only those that agree with it in their upper bits are sorted.
  private static func value(ranked rank: Int, in logits: UnsafeMutableBufferPointer<Float>) -> Float {
    var counts = [Int](repeating: 0, count: 1 << 12)
    for logit in logits { counts[Int(order(logit) >> 20)] += 1 }
    var bucket = counts.count - 1, before = 0
    while before + counts[bucket] <= rank {
      before += counts[bucket]
      bucket -= 1
    }
    return logits.filter { Int(order($0) >> 20) == bucket }.sorted { order($0) > order($1) }[rank - before]
  }

  /// The place of a code where they are sorted from the most likely on, the first of equals first.
  private static func rank(_ logit: Float, _ code: Int) -> UInt64 { UInt64(~order(logit)) << 32 | UInt64(code) }

  private func keepNucleus(_ logits: UnsafeMutableBufferPointer<Float>) {
    let largest = logits[Self.maxLikely(logits)]
    guard largest.isFinite else { return }
    var total = 0.0, count = 0
    for logit in logits where logit > -.infinity {
      total += exp(Double(logit) - Double(largest))
      count += 1
    }
    // Only codes near the most likely one are sorted; more of them where they do not hold the mass.
    var reach: Float = 4
    while true {
      var ranked: [UInt64] = []
      for (code, logit) in logits.enumerated() where logit >= largest - reach && logit > -.infinity {
        ranked.append(Self.rank(logit, code))
      }
      ranked.sort()
      var mass = 0.0
      let end = ranked.firstIndex { rank in
        if mass > Double(topP) * total { return true }
        mass += exp(Double(logits[Int(rank & 0xffff_ffff)]) - Double(largest))
        return false
      }
      if let end, end > 0 {
        let last = ranked[end - 1]
        for code in logits.indices where Self.rank(logits[code], code) > last { logits[code] = -.infinity }
        return
      }
      if ranked.count == count { return }
      reach *= 4
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
