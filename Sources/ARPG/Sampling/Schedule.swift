import Foundation

/// How many codes each step decodes.
public struct Schedule: Sendable {
  /// The name of a schedule, as it stands in settings.
  public struct Name: RawRepresentable, Sendable, Hashable, Codable {
    /// The name.
    public let rawValue: String

    /// A name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// Of ``Schedule/arccos``.
    public static let arccos = Name(rawValue: "arccos")
    /// Of ``Schedule/cosine``.
    public static let cosine = Name(rawValue: "cosine")
    /// Of ``Schedule/single``.
    public static let single = Name(rawValue: "single")
  }

  /// The name in settings.
  public let name: Name
  private let sizes: @Sendable (_ tokens: Int, _ steps: Int) throws(SamplingError) -> [Int]

  /// A schedule.
  ///
  /// - Parameters:
  ///   - name: in settings.
  ///   - sizes: the size of each step, for 0 or more tokens and 1 or more steps. They sum to the tokens; those of 0 are
  ///     skipped. Throws for a number of steps that it cannot take.
  public init(
    _ name: Name, sizes: @escaping @Sendable (_ tokens: Int, _ steps: Int) throws(SamplingError) -> [Int]
  ) {
    self.name = name
    self.sizes = sizes
  }

  /// The size of each step. They sum to `tokens`; some may be 0, and are skipped.
  ///
  /// - Parameters:
  ///   - tokens: how many codes there are to decode, at least 0.
  ///   - steps: how many steps to take, at least 1.
  /// - Throws: where the schedule cannot take so many steps.
  public func stepSizes(tokens: Int, steps: Int) throws(SamplingError) -> [Int] {
    precondition(tokens >= 0 && steps >= 1, "no schedule has \(steps) steps for \(tokens) tokens")
    return try sizes(tokens, steps)
  }

  /// Nearly even steps, the last the largest: the one that the authors of ARPG suggest.
  ///
  /// Source: the published sampler of ARPG (arXiv 2503.10568).
  public static let arccos = Schedule(.arccos) { tokens, steps in
    remaining(tokens, steps) { acos($0) / (Double.pi / 2) }
  }

  /// Small steps first, large steps last (MaskGIT, arXiv 2202.04200, section 3.3).
  public static let cosine = Schedule(.cosine) { tokens, steps in
    remaining(tokens, steps) { cos(Double.pi / 2 * $0) }
  }

  /// One code a step; the number of steps must not be smaller than that of codes.
  public static let single = Schedule(.single) { tokens, steps throws(SamplingError) in
    guard steps >= tokens else {
      throw .outOfRange(
        setting: "steps", found: "\(steps)",
        expected: "\(tokens) or more, since this decoder decodes one code a step")
    }
    return Array(repeating: 1, count: tokens)
  }

  /// Sizes by how much of the image is left after a share of the steps.
  private static func remaining(_ tokens: Int, _ steps: Int, ratio: (Double) -> Double) -> [Int] {
    var done = 0
    return (1...steps).map { step in
      let ratio = ratio(Double(step) / Double(steps))
      let left = max(1, min(tokens - done - 1, Int(Double(tokens) * ratio)))
      let size = step == steps ? tokens - done : max(0, tokens - done - left)
      done += size
      return size
    }
  }
}
