/// Reads the few kinds of JSON that a safetensors header has, without recursion.
struct JSONScanner {
  /// What was found at a place in place of what was expected.
  struct Mismatch: Error {
    let position: Int
    let expected: String
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// What stands at the position, for an error.
  var found: String {
    guard position < bytes.count else { return "its end" }
    let byte = bytes[position]
    return 0x20..<0x7f ~= byte ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
  }

  private func mismatch(_ expected: String) -> Mismatch { Mismatch(position: position, expected: expected) }

  mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  /// Passes a character, after any space, where it is the next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(Mismatch) {
    guard skip(character) else { throw mismatch("'\(character)'") }
  }

  mutating func expectEnd() throws(Mismatch) {
    skipSpace()
    guard position == bytes.count else { throw mismatch("its end") }
  }

  /// An object, whose values `body` reads by their keys.
  mutating func object(_ body: (String, inout JSONScanner) throws -> Void) throws {
    try expect("{")
    if skip("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try body(key, &self)
    } while skip(",")
    try expect("}")
  }

  /// An array of whole numbers.
  mutating func integers() throws(Mismatch) -> [Int] {
    try expect("[")
    if skip("]") { return [] }
    var result: [Int] = []
    repeat { result.append(try integer()) } while skip(",")
    try expect("]")
    return result
  }

  private mutating func integer() throws(Mismatch) -> Int {
    let isNegative = skip("-")
    let first = position
    var value = 0
    while position < bytes.count, 0x30...0x39 ~= bytes[position] {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflow, !carry else { throw mismatch("a number below 2^63") }
      value = sum
      position += 1
    }
    guard position > first else { throw mismatch("a whole number") }
    return isNegative ? -value : value
  }

  mutating func string() throws(Mismatch) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      guard byte >= 0x20 else { throw mismatch("a string without control characters") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: String(Character(try escaped())).utf8)
      } else {
        text.append(byte)
      }
    }
    try expect("\"")
    guard let text = String(validating: text, as: UTF8.self) else { throw mismatch("a string in UTF-8") }
    return text
  }

  private mutating func escaped() throws(Mismatch) -> Unicode.Scalar {
    guard position < bytes.count else { throw mismatch("an escape sequence") }
    defer { position += 1 }
    switch Unicode.Scalar(bytes[position]) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try unicode()
    default: throw mismatch("an escape sequence")
    }
  }

  /// The character of `uXXXX`, or of a surrogate pair; leaves the position at the last digit.
  private mutating func unicode() throws(Mismatch) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, position + 2 < bytes.count, bytes[position + 1] == UInt8(ascii: "\\"),
      bytes[position + 2] == UInt8(ascii: "u")
    else { throw mismatch("the second half of a surrogate pair") }
    position += 2
    let second = try hexadecimal()
    guard 0xdc00..<0xe000 ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw mismatch("the second half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(Mismatch) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      position += 1
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw mismatch("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
