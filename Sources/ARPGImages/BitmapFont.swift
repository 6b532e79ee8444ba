/// A bitmap font of 5 x 7 pixels for the printable characters of ASCII, drawn for this package.
enum BitmapFont {
  /// The pixels of a character.
  static let width = 5, height = 7
  /// From one character to the next, and from one line to the next, in pixels.
  static let advance = 6, lineHeight = 10

  /// Whether a pixel of a character is set; other characters than those of the font are boxes.
  static func isSet(_ character: Character, x: Int, y: Int) -> Bool {
    let index = character.asciiValue.map { Int($0) - 0x20 }
    let glyph = index.flatMap { glyphs.indices.contains($0) ? glyphs[$0] : nil } ?? box
    return glyph >> UInt64((height - 1 - y) * width + width - 1 - x) & 1 == 1
  }

  private static let box: UInt64 = 0x7E318C63F

  /// From the space to the tilde: 7 rows of 5 bits, the top left pixel being the highest bit.
  private static let glyphs: [UInt64] = [
    0x000000000, 0x108421004, 0x294000000, 0x295F57D4A, 0x11F4717C4, 0x674222173,  // space ! " # $ %
    0x32544564D, 0x108000000, 0x088842082, 0x208210888, 0x009575480, 0x0084F9080,  // & ' ( ) * +
    0x000003088, 0x0000F8000, 0x00000018C, 0x044222110, 0x3A33AE62E, 0x11842108E,  // , - . / 0 1
    0x3A213221F, 0x3A213062E, 0x08CA97C42, 0x7E1E0862E, 0x1910F462E, 0x7C2221108,  // 2 3 4 5 6 7
    0x3A317462E, 0x3A317844C, 0x018C03180, 0x018C03088, 0x044441041, 0x001F07C00,  // 8 9 : ; < =
    0x410411110, 0x3A2111004, 0x3A37ADE0E, 0x11518FE31, 0x7A31F463E, 0x3A308422E,  // > ? @ A B C
    0x72518C65C, 0x7E10F421F, 0x7E10F4210, 0x3A30BC62F, 0x4631FC631, 0x38842108E,  // D E F G H I
    0x1C4210A4C, 0x4654C5251, 0x42108421F, 0x4775AC631, 0x4739ACE71, 0x3A318C62E,  // J K L M N O
    0x7A31F4210, 0x3A318D64D, 0x7A31F5251, 0x3E107043E, 0x7C8421084, 0x46318C62E,  // P Q R S T U
    0x46318A944, 0x4631AD771, 0x462A22A31, 0x462A21084, 0x7C222221F, 0x39084210E,  // V W X Y Z [
    0x410820841, 0x38421084E, 0x115100000, 0x00000001F, 0x208000000, 0x000E0BE2F,  // \ ] ^ _ ` a
    0x421E8C63E, 0x000F8420F, 0x042F8C62F, 0x000E8FE0E, 0x1928E2108, 0x01F18BC2E,  // b c d e f g
    0x4216CC631, 0x100C2108E, 0x080610A4C, 0x4212A6292, 0x30842108E, 0x001AAD6B5,  // h i j k l m
    0x0016CC631, 0x000E8C62E, 0x03D18FA10, 0x01F18BC21, 0x0016CC210, 0x000F8383E,  // n o p q r s
    0x211C42126, 0x00118C66D, 0x00118C544, 0x00118D6AA, 0x001151151, 0x02318BC2E,  // t u v w x y
    0x001F1111F, 0x0C8441083, 0x108421084, 0x608411098, 0x0009AC800,  // z { | } ~
  ]
}
