import ARPG
import ARPGTensor

/// An adapter under a check, with a model to use it with.
struct AdapterSubject: Sendable {
  let rule: AdapterRule
  let adapter: any ControlAdapter
  let example: AdapterExample
  let decoder: any ImageDecoder
  let tokenizer: any ImageTokenizer

  init(_ rule: AdapterRule, _ adapter: any ControlAdapter, _ example: AdapterExample) {
    self.rule = rule
    self.adapter = adapter
    self.example = example
    decoder = example.decoder ?? SmallModel.decoder(imageSize: example.imageSize)
    tokenizer = SmallModel.tokenizer()
  }

  var descriptor: AdapterDescriptor { adapter.descriptor }
  var layout: DecoderLayout { decoder.layout }
  var imageSize: ImageSize { ImageSize(width: example.imageSize, height: example.imageSize) }
  var context: PreprocessingContext { PreprocessingContext(imageSize: imageSize, classNames: example.classNames) }

  /// The adapter, where it is trained.
  func trainable() throws -> any TrainableAdapter {
    guard let trainable = adapter as? any TrainableAdapter else {
      throw NotApplicable("it has no weights to train: it does not conform to TrainableAdapter")
    }
    return trainable
  }

  // MARK: Weights and encoders

  /// What an adapter may know of the model.
  func model(_ weights: AdapterWeights?) -> AdapterModel {
    AdapterModel(layout: layout, imageSize: imageSize, classNames: example.classNames, weights: weights)
  }

  /// A new adapter.
  func newAdapter(seed: UInt64 = 7) throws -> NewAdapter {
    try trainable().initialParameters(for: model(nil), settings: example.settings, seed: seed)
  }

  /// Settings and weights with which the adapter says something; nil where it has none.
  func weights() throws -> AdapterWeights? {
    if let weights = example.weights { return weights }
    guard adapter is any TrainableAdapter else { return nil }
    let new = try newAdapter()
    return AdapterWeights(configuration: new.configuration, parameters: new.parameters.perturbed(seed: 3))
  }

  /// The encoder of some settings and weights.
  func encoder(_ weights: AdapterWeights?) throws -> any ControlEncoder {
    try adapter.fit(to: model(weights))
      .makeEncoder(weights?.parameters, for: ModelParts(decoder: decoder, tokenizer: tokenizer))
  }

  /// The encoder of ``weights()``.
  func encoder() throws -> any ControlEncoder { try encoder(weights()) }

  // MARK: Inputs

  /// The inputs of the example, or those of the kit.
  func inputs() throws -> [ControlInput] {
    guard example.inputs.isEmpty else { return example.inputs }
    switch descriptor.input {
    case .image: return (0..<3).map { .image(TestImages.drawing($0, side: 2 * example.imageSize)) }
    case .text: return example.classNames.map { .text($0) }
    case .tensor: throw unusable("no tensors", "some that \(descriptor.name) takes")
    case .file: throw unusable("no files", "some that \(descriptor.name) takes")
    }
  }

  /// Preprocesses an input for the model, with the further inputs of the example but for those given.
  func preprocess(
    _ input: AdapterInput, options: [String: String] = [:], inputs: [String: AdapterInput] = [:],
    in context: PreprocessingContext? = nil
  ) throws -> [PreparedControl] {
    let further = example.furtherInputs.mapValues { AdapterInput($0, size: imageSize) }.merging(inputs) { $1 }
    return try adapter.makePreprocessor(example.preprocessorWeights).preprocess(
      input, options: OptionValues(options, inputs: further, for: descriptor), in: context ?? self.context)
  }

  /// Preprocesses an input as it lies on the model's canvas.
  func preprocess(_ input: ControlInput, options: [String: String] = [:]) throws -> [PreparedControl] {
    try preprocess(AdapterInput(input, size: imageSize), options: options)
  }

  /// What the encoder is given for each input, at least two elements.
  func elements() throws -> [PreparedControl] {
    let elements = try inputs().flatMap { try preprocess($0) }
    guard elements.count >= 2 else { throw unusable("\(elements.count) elements of all inputs", "at least two") }
    return elements
  }

  // MARK: Errors

  /// Throws that the rule is broken where something does not hold.
  func require(
    _ holds: Bool, found: @autoclosure () -> String, expected: @autoclosure () -> String,
    _ remedy: @autoclosure () -> String
  ) throws {
    guard !holds else { return }
    throw AdapterRuleError.broken(
      rule, adapter: descriptor.name, found: found(), expected: expected(), remedy: remedy())
  }

  /// What to throw where the example says too little to check with.
  func unusable(_ found: String, _ expected: String) -> AdapterRuleError {
    .unchecked(rule, adapter: descriptor.name, found: found, expected: expected)
  }

  /// Checks that an error can be shown to a user.
  func checkReadable(_ error: any Error, for what: String) throws {
    let text = "\(error)"
    try require(
      !text.isEmpty && !text.contains(where: \.isNewline), found: "the error '\(text)' for \(what)",
      expected: "one line",
      "say in one line what was found and what was expected")
  }
}
