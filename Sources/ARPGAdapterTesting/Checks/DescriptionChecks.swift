import ARPG
import ARPGTensor
import Foundation

extension AdapterSubject {
  func checkDescriptor() throws {
    do {
      try descriptor.validate()
    } catch {
      try require(false, found: "'\(error)'", expected: "a descriptor that can be registered", "change the descriptor")
    }
    try require(
      descriptor == adapter.descriptor, found: "another descriptor when it is asked again", expected: "the same",
      "let it depend on nothing that changes")
    let lines = [descriptor.summary, descriptor.inputSummary] + descriptor.options.map(\.summary)
    for line in lines {
      try require(
        !line.contains(where: \.isNewline), found: "the summary '\(line)'", expected: "one line", "shorten it")
    }
  }

  func checkOptions() throws {
    guard !descriptor.options.isEmpty else { throw NotApplicable("it has no options") }
    let inputs = try inputs(), encoder = try encoder()
    for option in descriptor.options {
      for value in option.values {
        for input in inputs {
          do {
            let condition = try encoder.encode(try preprocess(input, options: [option.name: value]))
            try requireFinite(condition, "\(option.name)=\(value)")
          } catch let error as AdapterRuleError {
            throw error
          } catch {
            try require(
              false, found: "the error '\(error)' for \(option.name)=\(value)", expected: "that the value can be used",
              "use it, or take it out of the range of the option")
          }
        }
      }
      for value in option.valuesOutside {
        try require(
          (try? descriptor.check([option.name: value])) == nil,
          found: "\(option.name)=\(value), which is taken", expected: "that it is refused: \(option.range)",
          "give the option a range that ends")
      }
    }
  }

  func checkKinds() throws {
    let others: [(name: String, input: ControlInput, kind: AdapterDescriptor.Input)] = [
      ("an image", .image(TestImages.drawing(0, side: example.imageSize)), .image), ("a text", .text("7"), .text),
      ("a tensor", .tensor(Tensor(shape: [2, 4], repeating: 0.5)), .tensor), ("a file", .file(Data([1, 2, 3])), .file),
    ]
    for other in others where other.kind != descriptor.input {
      do {
        let elements = try preprocess(other.input)
        try require(
          false, found: "\(elements.count) elements of \(other.name)",
          expected: "an error, since it takes \(descriptor.input.rawValue)", "throw an error that says what it takes")
      } catch let error as AdapterRuleError {
        throw error
      } catch {
        try checkReadable(error, for: other.name)
      }
    }
  }

  /// Checks that a condition has no value that is not a number.
  func requireFinite(_ condition: Condition, _ what: String) throws {
    for part in condition.parts {
      try require(
        part.tensor.isFinite, found: "values in \(part.name) for \(what) that are infinite or not a number",
        expected: "finite ones", "look for a division by zero or a logarithm of zero")
    }
  }
}

extension OptionDescriptor {
  /// The values to try: default and example, and of a range both ends and the middle.
  fileprivate var values: [String] {
    let own = [defaultValue, example].compactMap { $0 }
    return switch kind {
    case .number(let range, nil):
      own + [range.lowerBound, range.upperBound, (range.lowerBound + range.upperBound) / 2].map { "\($0)" }
    case .number(let range, _): own + [range.lowerBound, range.upperBound].map { "\($0)" }
    case .whole(let range, _): own + [range.lowerBound, range.upperBound].map { "\($0)" }
    case .choice(let words): own + words
    case .toggle: ["on", "off"]
    case .text(let limit): own + ["", " ", "🦊", String(repeating: "a", count: min(limit, 100_000))]
    case .colour: own + ["#000000", "#ffffff", "#ff8800"]
    case .input: []
    }
  }

  /// Values just outside of those that it takes.
  fileprivate var valuesOutside: [String] {
    switch kind {
    case .number(let range, _):
      ["\(range.lowerBound.nextDown)", "\(range.upperBound.nextUp)", "inf", "-inf", "nan", ""]
    case .whole(let range, _):
      [range.lowerBound.subtractingReportingOverflow(1), range.upperBound.addingReportingOverflow(1)]
        .filter { !$0.overflow }.map { "\($0.partialValue)" } + ["\(range.lowerBound).5", "99999999999999999999", ""]
    case .choice(let words): ["", words.joined(separator: " "), words.joined() + "-"]
    case .toggle: ["", "maybe", "2"]
    case .text(let limit): limit < 100_000 ? [String(repeating: "a", count: limit + 1)] : []
    case .colour: ["", "#12", "#1234567", "colour"]
    case .input: ["a"]
    }
  }
}
