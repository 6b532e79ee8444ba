import ARPGImages

extension OptionDescriptor {
  /// The values it takes, for help and errors: `0 to 255 pixels` or `auto, photo or edges`.
  public var range: String {
    switch kind {
    case .number(let range, let step):
      Self.phrase(range.lowerBound.shortDescription, range.upperBound.shortDescription, step?.shortDescription, unit)
    case .whole(let range, let step):
      Self.phrase("\(range.lowerBound)", "\(range.upperBound)", "\(step)", unit, isWhole: step == 1)
    case .choice(let words):
      words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + (words.last ?? "")
    case .toggle: "on or off"
    case .text(let limit): "a text of at most \(limit) characters"
    case .colour: "a colour, such as #ff8800 or red"
    case .input(.image): "an image"
    case .input(.tensor): "numbers in a .npy or safetensors file"
    case .input: "a file"
    }
  }

  private static func phrase(
    _ from: String, _ to: String, _ step: String?, _ unit: String?, isWhole: Bool = false
  ) -> String {
    "\(from) to \(to)" + (unit.map { " \($0)" } ?? "") + (isWhole ? "" : step.map { " in steps of \($0)" } ?? "")
      + (isWhole ? ", whole" : "")
  }

  /// Whether a text is a value that the option takes; never where it is an input.
  func accepts(_ text: String) -> Bool {
    switch kind {
    case .number(let range, let step):
      guard let value = Double(text), range.contains(value) else { return false }
      return step.map { Self.isOnStep(value, from: range.lowerBound, step: $0) } ?? true
    case .whole(let range, let step):
      guard let value = Int(text), range.contains(value) else { return false }
      return value.subtractingReportingOverflow(range.lowerBound).partialValue.isMultiple(of: step)
    case .choice(let words): return words.contains(text)
    case .toggle: return Self.toggles[text] != nil
    case .text(let limit): return text.count <= limit
    case .colour: return RGBColour(parsing: text) != nil
    case .input: return false
    }
  }

  /// The words for on and off.
  static let toggles = ["on": true, "off": false, "true": true, "false": false, "yes": true, "no": false]

  private static func isOnStep(_ value: Double, from start: Double, step: Double) -> Bool {
    let steps = (value - start) / step
    return abs(steps - steps.rounded()) <= 1e-6
  }

  /// What is wrong with the option, behind its name; nil where it is well-formed.
  var fault: String? {
    switch kind {
    case .number(let range, let step):
      guard range.lowerBound.isFinite, range.upperBound.isFinite else { return "has a range that does not end" }
      if let step, !(step > 0 && Self.isOnStep(range.upperBound, from: range.lowerBound, step: step)) {
        return "has a step of \(step) that does not lead from \(range.lowerBound) to \(range.upperBound)"
      }
    case .whole(let range, let step):
      guard let width = Int?(range.upperBound.subtractingReportingOverflow(range.lowerBound)), step > 0,
        width.isMultiple(of: step)
      else { return "has a step of \(step) that does not lead from \(range.lowerBound) to \(range.upperBound)" }
    case .choice(let words):
      guard !words.isEmpty else { return "has no values to choose from" }
      guard Set(words).count == words.count else { return "has a word twice" }
      guard words.allSatisfy({ !$0.isEmpty && !$0.contains(where: { $0 == "," || $0.isWhitespace }) }) else {
        return "has words that are empty or hold commas or spaces"
      }
    case .text(let limit):
      guard limit > 0 else { return "takes a text of at most \(limit) characters; it takes 1 or more" }
    case .input(.text): return "is an input that is a text; give it the kind of a text"
    case .toggle, .colour, .input: break
    }
    if input != nil { return defaultValue == nil ? nil : "is an input and has a default, which inputs cannot have" }
    for value in [defaultValue, example].compactMap({ $0 }) where !accepts(value) {
      return "has the default or example '\(value)'; it takes \(range)"
    }
    return defaultValue == nil && example == nil ? "has neither a default nor an example" : nil
  }
}

extension Int? {
  /// The result of an operation that did not overflow.
  fileprivate init(_ result: (partialValue: Int, overflow: Bool)) {
    self = result.overflow ? nil : result.partialValue
  }
}

extension Double {
  /// Whole numbers without a decimal point.
  var shortDescription: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self)
  }
}
