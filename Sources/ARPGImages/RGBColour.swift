/// A colour of 8 bits a channel.
public struct RGBColour: Sendable, Hashable {
  /// The channels, 0 to 255.
  public var red, green, blue: UInt8

  /// A colour; see the properties.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// Reads `#rrggbb`, `#rgb`, the same without `#`, or one of the 16 names of basic colours (CSS Color Module 3, section 4.1),
  /// in any case; nil for anything else.
  public init?(parsing text: String) {
    if let value = Self.basic[text.lowercased()] {
      self.init(value)
      return
    }
    let digits = Array(text.utf8.drop { $0 == UInt8(ascii: "#") })
    guard text.utf8.count - digits.count <= 1, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
      return nil
    }
    let doubled = digits.count == 3 ? digits.flatMap { [$0, $0] } : digits
    guard doubled.count == 6, let value = UInt32(String(decoding: doubled, as: UTF8.self), radix: 16) else {
      return nil
    }
    self.init(value)
  }

  /// `0xRRGGBB`.
  private init(_ value: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: value >> 16), green: UInt8(truncatingIfNeeded: value >> 8),
      blue: UInt8(truncatingIfNeeded: value))
  }

  private static let basic: [String: UInt32] = [
    "black": 0x00_0000, "silver": 0xc0_c0c0, "gray": 0x80_8080, "grey": 0x80_8080, "white": 0xff_ffff,
    "maroon": 0x80_0000, "red": 0xff_0000, "purple": 0x80_0080, "fuchsia": 0xff_00ff, "green": 0x00_8000,
    "lime": 0x00_ff00, "olive": 0x80_8000, "yellow": 0xff_ff00, "navy": 0x00_0080, "blue": 0x00_00ff,
    "teal": 0x00_8080, "aqua": 0x00_ffff,
  ]
}

extension RGBColour: CustomStringConvertible {
  /// `#rrggbb`.
  public var description: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
