import ARPG
import Foundation

/// How many codes each step decodes: one first, more and more later (RandAR, arXiv 2412.01827, section 3.3, as published).
public enum RandARSchedule {
  /// `randar`.
  public static let name = Schedule.Name(rawValue: "randar")
  /// The schedule; it may end before the last step.
  public static let schedule = Schedule(name) { tokens, steps in sizes(tokens: tokens, steps: steps) }

  /// The size of each step.
  ///
  /// - Parameters:
  ///   - tokens: how many codes the schedule is over.
  ///   - steps: in how many steps, at least 1.
  ///   - done: how many of the codes are known.
  public static func sizes(tokens: Int, steps: Int, done: Int = 0) -> [Int] {
    var done = done, sizes: [Int] = []
    var next = min(1, tokens - done)
    while next > 0 {
      sizes.append(next)
      done += next
      // In double precision and in this order: where the product is just under a whole number, the lower one counts.
      let share = 1.0 - cos(Double.pi / 2.0 * Double(sizes.count + 1) / Double(steps))
      let target = min(Int(share * Double(tokens) + 1), tokens)
      next = min(max(target - done, 1), tokens - done)
    }
    return sizes
  }
}
