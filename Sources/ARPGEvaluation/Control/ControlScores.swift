/// What pictures of held-out scenes are compared.
public enum ControlRow: String, CaseIterable, Sendable {
  /// The scenes as they were drawn.
  case real
  /// What the tokenizer makes of them: the bound for all that follows.
  case reconstruction
  /// Generated from the class alone: the baseline without control.
  case classOnly = "class only"
  /// Generated from the edges.
  case edges
  /// Generated from the depth.
  case depth
  /// Generated from edges and depth.
  case both

  /// Whether the pictures are generated.
  public var isGenerated: Bool { self != .real && self != .reconstruction }
}

/// How well pictures show what they were to show: means over the pictures.
public struct ControlScores: Sendable {
  /// Canny edges against those wanted.
  public let exactF1: Double
  /// The same where edges one pixel apart agree.
  public let nearF1: Double
  /// The mean absolute error of the depth that the judge sees, of 0 ... 1; nil without a judge.
  public let depthError: Double?
  /// The share of pictures whose class the judge recognises; nil without a judge.
  public let classAccuracy: Double?
  /// The peak signal-to-noise ratio in dB; of the reconstruction alone.
  public let peakSignalToNoise: Double?
}

/// Adds up the scores of pictures.
struct ControlScoreSum {
  private var count = 0.0
  private var exact = 0.0
  private var near = 0.0
  private var depth: Double?
  private var recognised: Double?
  private var decibels: Double?

  mutating func add(exact: Double, near: Double) {
    count += 1
    self.exact += exact
    self.near += near
  }

  mutating func add(depthError: Double, isRecognised: Bool) {
    depth = (depth ?? 0) + depthError
    recognised = (recognised ?? 0) + (isRecognised ? 1 : 0)
  }

  mutating func add(peakSignalToNoise: Double) { decibels = (decibels ?? 0) + peakSignalToNoise }

  var mean: ControlScores {
    ControlScores(
      exactF1: exact / count, nearF1: near / count, depthError: depth.map { $0 / count },
      classAccuracy: recognised.map { $0 / count }, peakSignalToNoise: decibels.map { $0 / count })
  }
}
