/// Floats of 8 bits. Each of their values is a 32-bit float.
enum EighthPrecision {
  /// The values of all bytes with 4 bits of exponent and 3 of fraction: not infinite, only 0x7f and 0xff are no number.
  static let e4m3: [Float] = (0...255).map { byte in
    byte & 0x7f == 0x7f ? .nan : value(byte, fractionBits: 3, bias: 7)
  }

  /// The values of all bytes with 5 bits of exponent and 2 of fraction: the upper half of a float in half precision.
  static let e5m2: [Float] = (0...255).map { byte in
    let magnitude = byte & 0x7f
    guard magnitude >= 0x7c else { return value(byte, fractionBits: 2, bias: 15) }
    guard magnitude == 0x7c else { return .nan }
    return byte < 0x80 ? .infinity : -.infinity
  }

  private static func value(_ byte: Int, fractionBits: Int, bias: Int) -> Float {
    let one = 1 << fractionBits
    let (exponent, fraction) = ((byte & 0x7f) >> fractionBits, byte & (one - 1))
    // Below the smallest normal number, the leading one is missing and the exponent is that of the smallest.
    let units = exponent == 0 ? fraction : fraction + one
    let magnitude = Float(sign: .plus, exponent: max(exponent, 1) - bias - fractionBits, significand: Float(units))
    return byte < 0x80 ? magnitude : -magnitude
  }
}
