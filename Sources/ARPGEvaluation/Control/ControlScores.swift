/// What images of held-out scenes are compared.
public enum ControlRow: String, CaseIterable, Sendable {
  /// The scenes as they were rendered.
  case real
  /// What the tokenizer makes of them: the bound for all that follows.
  case reconstruction
  /// Generated from the class alone, or from nothing: the baseline.
  case uncontrolled = "no control"
  /// Generated from the edges.
  case edges
  /// Generated from the depth.
  case depth
  /// Generated from edges and depth.
  case both
  /// The scene itself, its middle decoded anew from the edges.
  case edited

  /// Whether the images are generated.
  public var isGenerated: Bool { self != .real && self != .reconstruction }
}

/// How well images show what they were to show: means over the images.
public struct ControlScores: Sendable {
  /// Canny edges against those wanted.
  public let exactF1: Double
  /// The same where edges within 1/128 of the image's side agree.
  public let nearF1: Double
  /// The same in the middle of the image alone, a quarter of it.
  public let middleF1: Double
  /// The share of pixels near the main colour of the part that they should show; nil for images without control.
  public let evenness: Double?
  /// The mean absolute error of the depth that the evaluator sees, of 0 ... 1; nil without an evaluator.
  public let depthError: Double?
  /// The share of images of classes whose class the evaluator recognises; nil without an evaluator, and without classes.
  public let classAccuracy: Double?
  /// The peak signal-to-noise ratio in dB; of the reconstruction alone.
  public let peakSignalToNoise: Double?
}

/// Adds up the scores of images.
struct ControlScoreSum {
  private var exact = Mean(), near = Mean(), middle = Mean(), evenness = Mean(), depth = Mean(), recognised = Mean(),
    decibels = Mean()

  mutating func add(exact: Double, near: Double, middle: Double) {
    self.exact.add(exact)
    self.near.add(near)
    self.middle.add(middle)
  }

  mutating func add(evenness: Double) { self.evenness.add(evenness) }
  mutating func add(depthError: Double) { depth.add(depthError) }
  mutating func add(isRecognised: Bool) { recognised.add(isRecognised ? 1 : 0) }
  mutating func add(peakSignalToNoise: Double) { decibels.add(peakSignalToNoise) }

  var mean: ControlScores {
    ControlScores(
      exactF1: exact.value ?? 0, nearF1: near.value ?? 0, middleF1: middle.value ?? 0, evenness: evenness.value,
      depthError: depth.value,
      classAccuracy: recognised.value, peakSignalToNoise: decibels.value)
  }
}

/// A mean of numbers that come one by one.
struct Mean {
  private var sum = 0.0
  private var count = 0.0

  mutating func add(_ number: Double) {
    sum += number
    count += 1
  }

  var value: Double? { count > 0 ? sum / count : nil }
}
