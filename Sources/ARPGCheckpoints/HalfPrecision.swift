/// Rounds floats to 16 bits: to the nearest, ties to even. What is not a number stays so.
package enum HalfPrecision {
  /// The upper half of the float.
  package static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    guard !value.isNaN else { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
  }

  /// IEEE 754 half precision; infinite from 65520 on.
  package static func float16(_ value: Float) -> UInt16 {
    let sign = UInt16(value.bitPattern >> 16) & 0x8000
    let magnitude = value.bitPattern & 0x7fff_ffff
    guard magnitude < 0x7f80_0000 else { return sign | (value.isNaN ? 0x7e00 : 0x7c00) }
    guard magnitude < 0x4780_0000 else { return sign | 0x7c00 }
    if magnitude < 0x3880_0000 {
      // Below the smallest normal number, a half counts units of 2^-24.
      let units = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
      return sign | UInt16(units)
    }
    let rounded = magnitude + 0xfff + (magnitude >> 13 & 1)
    return sign | UInt16((rounded - 0x3800_0000) >> 13)
  }
}
