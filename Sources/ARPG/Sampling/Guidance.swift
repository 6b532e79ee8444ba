/// How the scale of classifier-free guidance changes while an image is decoded.
public enum GuidanceSchedule: String, Sendable, CaseIterable, Codable {
  /// The same scale in every step: the one that the authors suggest.
  case constant
  /// From 1 to the scale in proportion to the codes decoded.
  case linear

  /// The scale in use once a fraction of the codes, this step's included, is decoded.
  func scale(_ scale: Float, fractionDone: Double) -> Float {
    self == .linear ? 1 + (scale - 1) * Float(fractionDone) : scale
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
