import ARPG
import ARPGTensor
import Foundation

extension AdapterSubject {
  func checkInputs() throws {
    let encoder = try encoder()
    switch descriptor.input {
    case .image:
      for (name, image) in TestImages.hostile {
        for fit in ImageFit.allCases {
          try checkInput(.image(FittedImage(image, to: imageSize, fit: fit)), "\(name), \(fit.rawValue)", encoder)
        }
        try checkInput(.image(FittedImage(image)), "\(name), without a model", nil)
      }
    case .text:
      for (name, text) in Self.texts {
        try checkInput(.text(text), name, encoder)
        try checkInput(.text(text), "\(name), without a model", nil)
      }
    case .tensor:
      for shape in [[], [0], [1], [7], [1, 1], [3, 8], [0, 8], [2, 3, 8], [1, 2, 3, 4]] {
        let tensor = Tensor(shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0) / 8 - 1 })
        try checkInput(.tensor(tensor), "a tensor of the shape \(shape)", encoder)
        try checkInput(.tensor(tensor), "a tensor of the shape \(shape), without a model", nil)
      }
    case .file:
      for (name, bytes) in Self.files {
        try checkInput(.file(bytes), name, encoder)
        try checkInput(.file(bytes), "\(name), without a model", nil)
      }
    }
    try checkExample()
    try checkFurtherInputs(encoder)
  }

  /// Checks that the example of a text can be used.
  private func checkExample() throws {
    guard descriptor.input == .text, let text = descriptor.example else { return }
    do { _ = try preprocess(.text(text)) } catch {
      try require(
        false, found: "the error '\(error)' for the example '\(text)'", expected: "that it can be used",
        "give the descriptor another example")
    }
  }

  /// Checks images of all sizes and files of any content as further inputs, beside the first input of the example.
  private func checkFurtherInputs(_ encoder: any ControlEncoder) throws {
    guard descriptor.options.contains(where: { $0.input != nil }) else { return }
    let first = AdapterInput(try inputs()[0], size: imageSize)
    for option in descriptor.options {
      let others: [(name: String, input: AdapterInput)]
      switch option.input {
      case .image: others = TestImages.hostile.map { ($0.name, .image(FittedImage($0.image, to: imageSize))) }
      case .file: others = Self.files.map { ($0.name, .file($0.bytes)) }
      case .tensor: others = [("a tensor of the shape [1]", .tensor(Tensor(shape: [1], repeating: 0.5)))]
      case .text, nil: others = []
      }
      for other in others {
        try checkInput(first, "\(other.name) as \(option.name)", encoder, further: [option.name: other.input])
      }
    }
  }

  private static let files: [(name: String, bytes: Data)] = [
    ("an empty file", Data()), ("a file of one byte", Data([0])), ("a file of zeros", Data(count: 4096)),
    ("a file of text", Data("{\"a\": [1, 2".utf8)),
    ("a file of a megabyte of all bytes", Data((0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 151 >> 3) })),
  ]

  private static let texts: [(name: String, text: String)] = [
    ("no text", ""), ("a space", " "), ("a comma", ","), ("a large number", "99999999999999999999"),
    ("a negative number", "-1"), ("a text of several lines", "one\ntwo\r\nthree"), ("a text of one emoji", "🦊"),
    ("a text with a zero byte", "a\0b"), ("a text of 40000 characters", String(repeating: "word ", count: 8000)),
  ]

  /// Checks that an input is used or refused; with an encoder to the condition, otherwise as for a preview.
  private func checkInput(
    _ input: AdapterInput, _ name: String, _ encoder: (any ControlEncoder)?, further: [String: AdapterInput] = [:]
  ) throws {
    do {
      let elements = try preprocess(
        input, inputs: further,
        in: encoder == nil ? PreprocessingContext(imageSize: nil, classNames: example.classNames) : context)
      for element in elements {
        try require(
          element.values.isFinite, found: "values made of \(name) that are infinite or not a number",
          expected: "finite ones, or an error", "look for a division by zero, as by the range of an image of one colour"
        )
        if let encoder { try requireFinite(try encoder.encode([element]), name) }
      }
    } catch let error as AdapterRuleError {
      throw error
    } catch {
      try checkReadable(error, for: name)
    }
  }

  func checkPreprocessing() throws {
    for (number, input) in try inputs().enumerated() {
      let first = try preprocess(input)
      try require(
        !first.isEmpty, found: "no element of input \(number)", expected: "at least one",
        "throw an error where nothing can be made of an input")
      // Several at once share whatever the preprocessor keeps.
      let others = concurrent(4) { try preprocess(input) }
      for other in try [preprocess(input)] + others.map({ try $0.get() }) {
        try require(
          other.count == first.count, found: "\(first.count) elements of input \(number), then \(other.count)",
          expected: "the same each time", "keep nothing between inputs")
        for (one, another) in zip(first, other) {
          let difference = one.difference(from: another)
          try require(
            difference == nil, found: "\(difference ?? "") when input \(number) is preprocessed again",
            expected: "the same each time", "keep nothing between inputs, and draw no random numbers")
        }
      }
    }
  }

  /// What `body` gives on several threads at once.
  func concurrent<Value: Sendable>(
    _ count: Int, _ body: @Sendable () throws -> Value
  ) -> [Result<Value, any Error>] {
    Parallel.map(count) { _ in Result { try body() } }
  }
}
