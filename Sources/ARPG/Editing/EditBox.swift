/// A rectangle of an image, in pixels or in per cent of its sides: `10,20,64,48` or `25%,25%,50%,50%`.
public struct EditBox: Sendable, Equatable {
  /// A distance along one side.
  public enum Length: Sendable, Equatable {
    /// Pixels of the image.
    case pixels(Double)
    /// Per cent of the side.
    case percent(Double)

    /// The distance in pixels along a side.
    func pixels(of side: Int) -> Double {
      switch self {
      case .pixels(let value): value
      case .percent(let value): value / 100 * Double(side)
      }
    }
  }

  /// The left border, the upper border, the width and the height.
  public var x, y, width, height: Length

  /// A rectangle.
  public init(x: Length, y: Length, width: Length, height: Length) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The columns and rows of an image whose pixels lie in the box by half at least; nil where there are none.
  func pixels(of size: ImageSize) -> (columns: Range<Int>, rows: Range<Int>)? {
    func range(_ start: Length, _ length: Length, _ side: Int) -> Range<Int> {
      let first = start.pixels(of: side), last = first + length.pixels(of: side)
      func clamp(_ value: Double) -> Int { Int(min(max(value.rounded(), 0), Double(side))) }
      return clamp(first)..<max(clamp(first), clamp(last))
    }
    let columns = range(x, width, size.width), rows = range(y, height, size.height)
    return columns.isEmpty || rows.isEmpty ? nil : (columns, rows)
  }
}

extension EditBox: LosslessStringConvertible {
  /// Reads four numbers between commas, each with or without `%`; nil for anything else, and for sides under 0.
  public init?(_ text: String) {
    let lengths = text.split(separator: ",", omittingEmptySubsequences: false).map(Length.init)
    guard lengths.count == 4, let x = lengths[0], let y = lengths[1], let width = lengths[2], let height = lengths[3],
      width.value >= 0, height.value >= 0
    else { return nil }
    self.init(x: x, y: y, width: width, height: height)
  }

  /// Four numbers between commas.
  public var description: String { [x, y, width, height].map(\.text).joined(separator: ",") }
}

extension EditBox: Codable {
  /// Reads the text of four numbers.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let box = EditBox(text) else {
      throw ConfigurationError.invalid(field: "box", found: text, expected: "x,y,width,height in pixels or per cent")
    }
    self = box
  }

  /// Writes the text of four numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension EditBox.Length {
  fileprivate init?(_ text: Substring) {
    let isPercent = text.hasSuffix("%")
    guard let value = Double(isPercent ? text.dropLast() : text), value.isFinite, abs(value) <= 1e9 else { return nil }
    self = isPercent ? .percent(value) : .pixels(value)
  }

  fileprivate var value: Double {
    switch self {
    case .pixels(let value), .percent(let value): value
    }
  }

  fileprivate var text: String {
    let number = value == value.rounded() ? String(Int(value)) : String(value)
    if case .percent = self { return number + "%" }
    return number
  }
}
