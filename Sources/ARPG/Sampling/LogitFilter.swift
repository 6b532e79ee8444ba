import ARPGTensor

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
    scale(logits)
    guard let kept = Self.withLikelihoods(of: logits, { nucleus(of: logits, $0) }) ?? nil else { return }
    let values = kept.map { logits[$0] }
    logits.update(repeating: -.infinity)
    for (code, value) in zip(kept, values) { logits[code] = value }
  }

  /// How likely codes are, where the most likely has 1.
  private struct Likelihoods {
    /// The largest logit.
    let largest: Float
    /// Of each code.
    let weights: UnsafeMutableBufferPointer<Double>
    /// Their sum.
    let total: Double
  }

  /// Calls `body` with how likely each code is; nil where the largest logit is not finite.
  private static func withLikelihoods<Result>(
    of logits: UnsafeMutableBufferPointer<Float>, _ body: (Likelihoods) -> Result
  ) -> Result? {
    let largest = logits[maxLikely(logits)]
    guard largest.isFinite else { return nil }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: logits.count) { weights in
      let total = exponentials(of: UnsafeBufferPointer(logits), below: largest, into: weights)
      return body(Likelihoods(largest: largest, weights: weights, total: total))
    }
  }

  /// Divides by the temperature, then sets to -infinity what top-k leaves out.
  private func scale(_ logits: UnsafeMutableBufferPointer<Float>) {
    if temperature != 1 { for index in logits.indices { logits[index] /= temperature } }
    guard topK > 0, topK < logits.count else { return }
    let threshold = Self.value(ranked: topK - 1, in: logits)
    for index in logits.indices where logits[index] < threshold { logits[index] = -.infinity }
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
  private static func code(_ rank: UInt64) -> Int { Int(rank & 0xffff_ffff) }

  /// The codes that top-p keeps, in code order; nil where it is all of them.
  private func nucleus(of logits: UnsafeMutableBufferPointer<Float>, _ likelihoods: Likelihoods) -> [Int]? {
    guard topP < 1 else { return nil }
    let largest = likelihoods.largest, weights = likelihoods.weights, most = Double(topP) * likelihoods.total
    // Only codes near the most likely one are looked at; more of them where they do not hold the mass.
    var reach: Float = 4
    while true {
      let near = logits.indices.filter { logits[$0] >= largest - reach && logits[$0] > -.infinity }
      // Of the intervals that the reach is cut into, only that where the mass is exceeded is sorted.
      let width = reach / Float(Self.intervals)
      func interval(_ code: Int) -> Int { min(Self.intervals - 1, Int((largest - logits[code]) / width)) }
      var masses = [Double](repeating: 0, count: Self.intervals)
      for code in near { masses[interval(code)] += weights[code] }
      var mass = 0.0, edge = 0
      while edge < masses.count, mass + masses[edge] <= most {
        mass += masses[edge]
        edge += 1
      }
      if edge < masses.count {
        let ranks = near.filter { interval($0) == edge }.map { Self.rank(logits[$0], $0) }.sorted()
        let kept = ranks.prefix { rank in
          defer { mass += weights[Self.code(rank)] }
          return mass <= most
        }
        return near.filter { interval($0) < edge || Self.rank(logits[$0], $0) <= kept.last ?? 0 }
      }
      if near.count == logits.count(where: { $0 > -.infinity }) { return nil }
      reach *= 4
    }
  }

  private static let intervals = 64

  /// Filters the logits, then takes the first code whose cumulative probability, in code order, exceeds a number in
  /// [0, 1); without a number, or with top-k 1, the first of the most likely codes.
  public func draw(from logits: UnsafeMutableBufferPointer<Float>, uniform: Double?) -> Int {
    guard let uniform, topK != 1 else { return Self.maxLikely(logits) }
    scale(logits)
    let drawn = Self.withLikelihoods(of: logits) { likelihoods in
      let weights = likelihoods.weights
      guard let kept = nucleus(of: logits, likelihoods) else {
        return Self.draw(logits.indices, weights, total: likelihoods.total, uniform)
      }
      return Self.draw(kept, weights, total: kept.reduce(0) { $0 + weights[$1] }, uniform)
    }
    return drawn ?? Self.maxLikely(logits)
  }

  private static func draw(
    _ codes: some Sequence<Int>, _ weights: UnsafeMutableBufferPointer<Double>, total: Double, _ uniform: Double
  ) -> Int {
    var mass = 0.0, last = 0
    for code in codes where weights[code] > 0 {
      mass += weights[code]
      last = code
      if mass > uniform * total { return code }
    }
    return last
  }

  /// The first of the most likely codes; the first code where its logit is no number.
  private static func maxLikely(_ logits: UnsafeMutableBufferPointer<Float>) -> Int {
    // Sixteen at a time, then where the largest is: a search that carries its place along takes several times as long.
    let bytes = UnsafeRawBufferPointer(logits), lanes = SIMD16<Float>.scalarCount
    var most = SIMD16<Float>(repeating: logits[0])
    for first in stride(from: 0, to: logits.count - lanes + 1, by: lanes) {
      let next = bytes.loadUnaligned(fromByteOffset: first * MemoryLayout<Float>.stride, as: SIMD16<Float>.self)
      most.replace(with: next, where: next .> most)
    }
    var largest = most.max()
    for logit in logits[(logits.count / lanes * lanes)...] where logit > largest { largest = logit }
    return logits.firstIndex(of: largest) ?? 0
  }
}
