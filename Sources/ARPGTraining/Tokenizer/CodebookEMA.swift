import ARPGTensor

/// A codebook on the unit sphere that follows the latents by moving averages instead of gradients, and gives codes that
/// nobody uses another place.
///
/// Source: van den Oord et al., arXiv 1711.00937, appendix A.1; Dhariwal et al., arXiv 2005.00341, section 3, for codes
/// that are placed anew.
package struct CodebookEMA: Sendable {
  /// How slowly the averages move, 0 ..< 1.
  package let decay: Float
  /// The average number of uses a step below which a code is placed anew.
  package let leastUses: Float
  /// The vectors of unit length, `[codes, code_dim]`.
  package private(set) var vectors: Tensor
  /// The average number of uses of each code in a step, `[codes]`.
  package private(set) var uses: Tensor
  /// The average sum of the latents that each code stood for, `[codes, code_dim]`.
  package private(set) var sums: Tensor

  /// A codebook in the middle of training.
  package init(vectors: Tensor, uses: Tensor, sums: Tensor, decay: Float = 0.99, leastUses: Float = 0.03) {
    self.vectors = vectors
    self.uses = uses
    self.sums = sums
    self.decay = decay
    self.leastUses = leastUses
  }

  /// A codebook that starts from spherical k-means over latents (Dhillon and Modha, Machine Learning 42, 2001).
  ///
  /// - Parameters:
  ///   - latents: of unit length, `[rows, code_dim]`, at least one.
  ///   - codes: how many codes there are.
  ///   - rounds: how often means and assignments are recomputed.
  ///   - random: where the first means come from.
  package init(
    clustering latents: Tensor, codes: Int, rounds: Int = 10, using random: inout some RandomNumberGenerator
  ) {
    let rows = latents.shape[0]
    precondition(latents.shape.count == 2 && rows > 0, "latents of shape \(latents.shape) cannot be clustered")
    var picks = Array(0..<rows).shuffled(using: &random)
    while picks.count < codes { picks.append(Int.random(in: 0..<rows, using: &random)) }
    var means = latents.selectingRows(Array(picks.prefix(codes)))
    var counts = Tensor(shape: [codes], repeating: 0), sums = means
    for _ in 0..<rounds {
      (counts, sums) = Self.assign(latents, latents.nearestRows(in: means), codes: codes)
      means = Self.directions(sums, keeping: means)
    }
    // As if a step had used each code as often as the clusters did, scaled so that none counts as unused at once.
    let scale = Float(codes) / Float(rows)
    self.init(vectors: means, uses: counts.scaled(by: scale), sums: sums.scaled(by: scale))
  }

  /// Follows the latents of a step.
  ///
  /// - Parameters:
  ///   - counts: how many latents each code stood for, `[codes]`.
  ///   - totals: the sum of the latents of each code, `[codes, code_dim]`.
  package mutating func update(counts: Tensor, totals: Tensor) {
    uses = uses.scaled(by: decay).adding(counts, scale: 1 - decay)
    sums = sums.scaled(by: decay).adding(totals, scale: 1 - decay)
    vectors = Self.directions(sums, keeping: vectors)
  }

  /// The codes that are hardly used.
  package var unused: [Int] { uses.values.indices.filter { uses.values[$0] < leastUses } }

  /// Places unused codes at latents, `[rows, code_dim]` of unit length, as if each had been used once.
  package mutating func replaceUnused(
    by latents: Tensor, using random: inout some RandomNumberGenerator
  ) {
    let dim = vectors.shape[1]
    var newUses = uses.values, newSums = sums.values
    for code in unused {
      let row = Int.random(in: 0..<latents.shape[0], using: &random)
      newUses[code] = 1
      newSums.replaceSubrange(code * dim..<(code + 1) * dim, with: latents.slice(row..<row + 1).values)
    }
    uses = Tensor(shape: uses.shape, values: newUses)
    sums = Tensor(shape: sums.shape, values: newSums)
    vectors = Self.directions(sums, keeping: vectors)
  }

  /// How many latents each code stands for, `[codes]`, and their sum, `[codes, code_dim]`.
  ///
  /// - Parameters:
  ///   - latents: `[rows, code_dim]`.
  ///   - assigned: the code of each.
  ///   - codes: how many codes there are.
  package static func assign(_ latents: Tensor, _ assigned: [Int], codes: Int) -> (counts: Tensor, sums: Tensor) {
    let dim = latents.shape[1]
    var counts = [Float](repeating: 0, count: codes)
    var sums = [Float](repeating: 0, count: codes * dim)
    latents.withValues { values in
      for (row, code) in assigned.enumerated() {
        counts[code] += 1
        for index in 0..<dim { sums[code * dim + index] += values[row * dim + index] }
      }
    }
    return (Tensor(shape: [codes], values: counts), Tensor(shape: [codes, dim], values: sums))
  }

  /// The directions of sums; where a sum is zero, the vector as it was.
  private static func directions(_ sums: Tensor, keeping old: Tensor) -> Tensor {
    let dim = sums.shape[1]
    var values = sums.values
    old.withValues { old in
      for start in stride(from: 0, to: values.count, by: dim) {
        let norm = values[start..<start + dim].reduce(0) { $0 + $1 * $1 }.squareRoot()
        for index in start..<start + dim { values[index] = norm > 1e-12 ? values[index] / norm : old[index] }
      }
    }
    return Tensor(shape: sums.shape, values: values)
  }
}
