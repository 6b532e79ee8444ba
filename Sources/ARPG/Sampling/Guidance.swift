import Foundation

/// How the scale of classifier-free guidance changes while an image is decoded: from ``SamplingSettings/guidanceStart`` to
/// ``SamplingSettings/guidance``, by the fraction of the codes that is decoded.
public enum GuidanceSchedule: String, Sendable, CaseIterable, Codable {
  /// The same scale in every step.
  case constant
  /// `start + (guidance - start) · fraction`.
  case linear
  /// `start + (guidance - start) · (1 - cos(π · fraction)) / 2`.
  case cosine
  /// `start + (guidance - start) · (1 - cos(π · fraction ^ power)) / 2`, the power being ``SamplingSettings/guidancePower``
  /// (MDT, arXiv 2303.14389, and RAR, arXiv 2411.00776, where the start is 1).
  case powerCosine = "power-cosine"
}

extension SamplingSettings {
  /// The scale of guidance once a fraction of the codes, 0 to 1, is decoded.
  public func guidanceScale(fractionDone: Double) -> Float {
    func between(_ share: Double) -> Float { guidanceStart + (guidance - guidanceStart) * Float(share) }
    return switch guidanceSchedule {
    case .constant: guidance
    case .linear: between(fractionDone)
    case .cosine: between((1 - cos(.pi * fractionDone)) / 2)
    case .powerCosine: between((1 - cos(.pi * pow(fractionDone, Double(guidancePower)))) / 2)
    }
  }

  /// Whether a step is guided that begins when a fraction of the codes, 0 to 1, is decoded.
  public func isGuided(fractionDone: Double) -> Bool { guidanceInterval?.contains(fractionDone) ?? true }
}

extension ActiveControl {
  /// Whether guidance predicts with this control apart from the others, a row more for each sample.
  var isGuidedApart: Bool { guidance != nil && isOn && !condition.tokens.isEmpty }
}

/// The rows that guidance takes of each sample, copies of its codes behind prefixes and with condition tokens of their own,
/// and how their logits are combined.
///
/// - `u`: with nothing.
/// - `b`: with the prefix and the controls that have no scale of their own.
/// - `b_i`: as `b`, and with control `i`, which has the scale `g_i`.
///
/// The logits are `u + s · (b - u) + Σ g_i · (b_i - b)`. Without scales of their own this is classifier-free guidance (Ho and
/// Salimans, arXiv 2207.12598); the sum is composed guidance (the conjunction of Liu et al., arXiv 2206.01714), each control
/// measured against what it is added to, as in InstructPix2Pix (Brooks et al., arXiv 2211.09800, section 3.2.1).
/// ``SamplingSettings/controlGuidance`` is the scale of all controls that have none: they are then one more `b_i` together, and
/// `b` is with the prefix alone.
///
/// The order of the rows is `b_1 ... b_n`, `b`, `u`. Where nothing is guided there is one row, with all controls.
struct GuidanceRows: Sendable, Hashable {
  /// How many rows have controls apart, `n`.
  let apart: Int
  /// Whether there are `b` and `u`.
  let isGuided: Bool

  init(_ settings: SamplingSettings, _ convention: GuidanceConvention, controls: [ActiveControl]) {
    apart = controls.filter(\.isGuidedApart).count + (settings.controlGuidance == nil ? 0 : 1)
    let isOff = settings.guidance == 1 || convention.isOffBelowOne && settings.guidance < 1
    isGuided = apart > 0 || !isOff
  }

  /// How many rows a sample takes.
  var perSample: Int { isGuided ? apart + 2 : 1 }

  /// What each row is conditioned on, and the scales of those in front of `b`.
  ///
  /// - Parameters:
  ///   - controls: all of the run.
  ///   - controlGuidance: the scale of controls that have none of their own.
  ///   - isGuided: whether this step is; otherwise the first row counts alone, and has all controls.
  ///   - acts: whether a control acts in this step. The row of one that does not stays its own: a decoder may remember what it
  ///     was conditioned on in earlier steps.
  func step(
    _ controls: [ActiveControl], controlGuidance: Float?, isGuided: Bool, where acts: (ActiveControl) -> Bool
  ) -> (conditions: [[ActiveControl]], scales: [Float]) {
    let idle = Array(repeating: [ActiveControl](), count: perSample - 1)
    guard self.isGuided, isGuided else { return ([controls.filter(acts)] + idle, []) }
    let others = controls.filter { !$0.isGuidedApart && acts($0) }
    var parts = controls.filter(\.isGuidedApart).map { (controls: acts($0) ? [$0] : [], scale: $0.guidance ?? 1) }
    if let controlGuidance { parts.append((others, controlGuidance)) }
    parts += Array(repeating: ([], 0), count: apart - parts.count)
    let base = controlGuidance == nil ? others : []
    return (parts.map { base + $0.controls } + [base, []], parts.map(\.scale))
  }

  /// Combines the logits of a sample's rows into the first.
  func combine(_ rows: [UnsafeMutableBufferPointer<Float>], scale: Float, scales: [Float]) {
    let first = rows[0], base = rows[apart], free = rows[apart + 1]
    guard apart > 0 else {
      for index in first.indices { first[index] = free[index] + (base[index] - free[index]) * scale }
      return
    }
    for index in first.indices {
      var sum = free[index] + (base[index] - free[index]) * scale
      for (row, scale) in zip(rows, scales) { sum += (row[index] - base[index]) * scale }
      first[index] = sum
    }
  }
}
