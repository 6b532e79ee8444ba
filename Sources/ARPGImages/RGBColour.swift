/// A colour of 8-bit sRGB.
public struct RGBColour: Sendable, Hashable {
  /// Red, 0...255.
  public var red: UInt8
  /// Green, 0...255.
  public var green: UInt8
  /// Blue, 0...255.
  public var blue: UInt8

  /// A colour of three channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The channels, red first.
  public var channels: [UInt8] { [red, green, blue] }

  /// Reads a colour: 3 or 6 hexadecimal digits with or without `#`, as `#a31` for `#aa3311`, or one of the 16 names of HTML 4
  /// (section 6.5), as `navy`, in upper or lower case. Nil for any other text.
  public init?(parsing text: some StringProtocol) {
    if let digits = Self.names[text.lowercased()] {
      self.init(digits)
      return
    }
    let digits = (text.first == "#" ? text.dropFirst() : text[...]).utf8.map(Self.value(ofDigit:))
    guard digits.count == 3 || digits.count == 6 else { return nil }
    let doubled = digits.count == 3 ? digits.flatMap { [$0, $0] } : digits
    var number: UInt32 = 0
    for digit in doubled {
      guard let digit else { return nil }
      number = number << 4 | digit
    }
    self.init(number)
  }

  /// The colour of 24 bits, red highest.
  private init(_ number: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: number >> 16), green: UInt8(truncatingIfNeeded: number >> 8),
      blue: UInt8(truncatingIfNeeded: number))
  }

  private static func value(ofDigit character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(character - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(character - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  private static let names: [String: UInt32] = [
    "black": 0x000000, "silver": 0xc0c0c0, "gray": 0x808080, "white": 0xffffff, "maroon": 0x800000, "red": 0xff0000,
    "purple": 0x800080, "fuchsia": 0xff00ff, "green": 0x008000, "lime": 0x00ff00, "olive": 0x808000,
    "yellow": 0xffff00, "navy": 0x000080, "blue": 0x0000ff, "teal": 0x008080, "aqua": 0x00ffff,
  ]
}

extension RGBColour: CustomStringConvertible {
  /// Six hexadecimal digits behind `#`: `#aa3311`.
  public var description: String {
    "#"
      + channels.map { channel in
        let digits = String(channel, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
      }.joined()
  }
}
