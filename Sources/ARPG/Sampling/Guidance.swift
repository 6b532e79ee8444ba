/// How the scale of classifier-free guidance changes while an image is decoded.
public enum GuidanceSchedule: String, Sendable, CaseIterable, Codable {
  /// The same scale in every step.
  case constant
  /// From a start to the scale in proportion to the codes decoded.
  case linear
}

extension SamplingSettings {
  /// The scale of guidance once a fraction of the codes is decoded.
  func guidanceScale(fractionDone: Double) -> Float {
    guidanceSchedule == .linear ? guidanceStart + (guidance - guidanceStart) * Float(fractionDone) : guidance
  }

  /// Which predictions guidance needs.
  func guidanceMode(_ convention: GuidanceConvention) -> GuidanceMode {
    if controlGuidance != nil { return .separate }
    return guidance == 1 || convention.isOffBelowOne && guidance < 1 ? .none : .joint
  }
}

/// Which predictions guidance combines (Ho and Salimans, arXiv 2207.12598).
enum GuidanceMode: Equatable {
  /// The conditional prediction alone.
  case none
  /// `u + scale · (c - u)`: with class and controls, and with neither.
  case joint
  /// `u + scale · (c - u) + controlScale · (cc - c)`: nothing; prefix only; prefix and controls.
  case separate

  /// How many rows a sample takes: fully conditional first, then prefix only, then unconditional.
  var rowsPerSample: Int {
    switch self {
    case .none: 1
    case .joint: 2
    case .separate: 3
    }
  }

  /// Combines the logits of a sample's rows into the first.
  func combine(_ rows: [UnsafeMutableBufferPointer<Float>], scale: Float, controlScale: Float) {
    switch self {
    case .none: break
    case .joint:
      for index in rows[0].indices {
        let free = rows[1][index]
        rows[0][index] = free + (rows[0][index] - free) * scale
      }
    case .separate:
      for index in rows[0].indices {
        let prefixOnly = rows[1][index], free = rows[2][index]
        rows[0][index] = free + (prefixOnly - free) * scale + (rows[0][index] - prefixOnly) * controlScale
      }
    }
  }
}
