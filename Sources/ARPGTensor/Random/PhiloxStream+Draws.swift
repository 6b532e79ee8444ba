extension PhiloxStream {
  /// A number between two bounds, the upper one left out up to rounding.
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    Float(Double(low) + (Double(high) - Double(low)) * uniform())
  }

  /// A number of the range, each as likely; by multiplication, so that ranges far under 2⁵³ are as good as unbiased. Traps
  /// where the range is empty.
  public mutating func integer(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "no number lies in \(range)")
    return min(range.lowerBound + Int(uniform() * Double(range.count)), range.upperBound - 1)
  }

  /// One of the elements, each as likely. Traps where there are none.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[integer(in: 0..<elements.count)]
  }

  /// Whether something of a probability happens: never at 0, always at 1.
  public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// A number of the standard normal distribution.
  public mutating func normal() -> Float {
    let first = 1 - uniform()
    return normalPair(first, uniform()).x
  }
}
