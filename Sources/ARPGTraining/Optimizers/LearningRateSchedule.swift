import Foundation

/// How the learning learningRate changes: a linear rise, then a constant, cosine or linear course to a last value.
public struct LearningRateSchedule: Sendable, Equatable {
  /// The course behind the rise.
  public enum Course: String, Sendable, Codable, CaseIterable {
    /// Stays.
    case constant
    /// Half a cosine (Loshchilov and Hutter, arXiv 1608.03983).
    case cosine
    /// A straight line.
    case linear
  }

  /// The course behind the rise.
  public var course: Course
  /// The number of steps of the rise.
  public var warmup: Int
  /// The number of all steps.
  public var steps: Int
  /// What is reached at the end, as a fraction of the rate.
  public var last: Double

  /// A schedule; see the properties.
  public init(_ course: Course, warmup: Int = 0, steps: Int, last: Double = 0) {
    self.course = course
    self.warmup = warmup
    self.steps = steps
    self.last = last
  }

  /// The factor of the learningRate in a step, counted from 1: in step `warmup` it is 1, in step `steps` it is `last`.
  public func factor(step: Int) -> Double {
    if step <= warmup { return Double(step) / Double(max(1, warmup)) }
    let progress = min(1, Double(step - warmup) / Double(max(1, steps - warmup)))
    switch course {
    case .constant: return 1
    case .linear: return 1 + (last - 1) * progress
    case .cosine: return last + (1 - last) * 0.5 * (1 + cos(.pi * progress))
    }
  }
}
