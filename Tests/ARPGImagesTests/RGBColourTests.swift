import ARPGImages
import Testing

struct RGBColourTests {
  @Test("Every colour is read from what it describes itself as, in either case, with and without #")
  func roundTrip() {
    for number in stride(from: 0, to: 1 << 24, by: 4099) {
      let colour = RGBColour(
        red: UInt8(number >> 16), green: UInt8(number >> 8 & 255), blue: UInt8(number & 255))
      let text = colour.description
      #expect(text.count == 7 && text.first == "#")
      for form in [text, text.uppercased(), String(text.dropFirst())] { #expect(RGBColour(parsing: form) == colour) }
    }
  }

  @Test("Three digits stand for six")
  func threeDigits() {
    for number in 0..<1 << 12 {
      let digits = [number >> 8, number >> 4 & 15, number & 15].map { String($0, radix: 16) }
      #expect(RGBColour(parsing: "#" + digits.joined()) == RGBColour(parsing: digits.map { $0 + $0 }.joined()))
      #expect(RGBColour(parsing: digits.joined()) != nil)
    }
  }

  @Test("The 16 names of HTML 4 are read, in either case")
  func names() {
    let names = [
      "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "white": "#ffffff", "maroon": "#800000",
      "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "green": "#008000", "lime": "#00ff00",
      "olive": "#808000", "yellow": "#ffff00", "navy": "#000080", "blue": "#0000ff", "teal": "#008080",
      "aqua": "#00ffff",
    ]
    for (name, digits) in names {
      #expect(RGBColour(parsing: name)?.description == digits, "\(name)")
      #expect(RGBColour(parsing: name.uppercased()) == RGBColour(parsing: digits))
    }
  }

  @Test(
    "What is no colour is nil",
    arguments: [
      "", "#", "12", "#1234", "12345", "1234567", "##123", "ggg", "#12345g", "re", "reds", " red", "red ", "1 2", "-12",
      "+12345", "１２３", "#é12", "0x1234", "🦊🦊🦊", "\u{0}00",
    ])
  func refusals(text: String) { #expect(RGBColour(parsing: text) == nil) }
}
