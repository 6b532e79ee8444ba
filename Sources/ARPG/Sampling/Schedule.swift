import Foundation

/// How many codes each step decodes.
public enum Schedule: String, Sendable, CaseIterable, Codable {
  /// Nearly even steps, the last the largest: the one that the authors suggest.
  case arccos
  /// Small steps first, large steps last (MaskGIT, arXiv 2202.04200, section 3.3).
  case cosine

  /// The size of each step. They sum to `tokens`; some may be 0, and are skipped.
  ///
  /// Source: the published sampler of ARPG (arXiv 2503.10568).
  ///
  /// - Parameters:
  ///   - tokens: how many codes there are to decode, at least 0.
  ///   - steps: how many steps to take, at least 1.
  public func stepSizes(tokens: Int, steps: Int) -> [Int] {
    precondition(tokens >= 0 && steps >= 1, "no schedule has \(steps) steps for \(tokens) tokens")
    var done = 0
    return (1...steps).map { step in
      let time = Double(step) / Double(steps)
      let ratio = self == .arccos ? acos(time) / (Double.pi / 2) : cos(Double.pi / 2 * time)
      let left = max(1, min(tokens - done - 1, Int(Double(tokens) * ratio)))
      let size = step == steps ? tokens - done : max(0, tokens - done - left)
      done += size
      return size
    }
  }
}
