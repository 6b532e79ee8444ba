import ARPG
import ARPGTensor
import Foundation

extension DecoderTask {
  /// Puts together what a recipe asks for.
  ///
  /// - Parameters:
  ///   - recipe: the settings.
  ///   - data: the data; where it describes a tokenizer, the written model has it.
  ///   - model: a folder whose parts are taken over, or trained on; nil for none.
  ///   - registries: the adapters and decoder families that there are.
  ///   - heldOut: data that the loss is measured on beside; nil for none.
  ///   - seed: of the weights of new adapters.
  /// - Throws: where something is missing or does not fit.
  public init(
    _ recipe: DecoderRecipe, data: TrainingData, model: ModelFolder?, _ registries: Registries,
    heldOut: TrainingData? = nil, seed: UInt64
  ) throws {
    let source = model ?? data.description
    try Self.checkTokenizer(of: data, source)
    if let heldOut { try Self.checkTokenizer(of: heldOut, source) }
    let needsDecoder = recipe.continueDecoder || !recipe.trainDecoder
    if needsDecoder, source?.description.decoder == nil {
      throw TrainingError.recipe(
        source: source?.path ?? "the recipe",
        reason: "a decoder is needed to train on, and the model has none; give --model DIR with one")
    }
    try TrainingError.require(
      recipe.trainDecoder || !recipe.adapters.isEmpty, "train_decoder", recipe.trainDecoder,
      "true, since no adapter is trained")
    let part: DecoderPart
    let start: DecoderStart
    if needsDecoder, let folder = source, let old = folder.description.decoder {
      part = old
      let checkpoint = try Checkpoint.open(folder.path(of: part.file))
      try part.check(checkpoint)
      var tensors: [String: Tensor] = [:]
      for entry in part.parameterTable { tensors[entry.name] = try checkpoint.tensor(named: entry.name) }
      start = recipe.trainDecoder ? .trained(tensors) : .frozen(tensors)
    } else {
      part = try Self.newDecoder(recipe, data: data, source: source, registries.decoders)
      start = .new
    }
    // A decoder that is there has its classes; a new one has those of the data.
    let names = needsDecoder ? source?.description.classNames ?? [] : []
    let data = try data.withClasses(names, count: part.layout.classes)
    let heldOut = try heldOut?.withClasses(
      needsDecoder ? names : data.classNames, count: part.layout.classes)
    let description = Self.description(recipe, data: data, source: source, layout: part.layout)
    let model = AdapterModel(
      layout: part.layout, imageSize: ImageSize(width: description.imageSize, height: description.imageSize),
      classNames: description.classNames)
    let adapters = try recipe.adapters.map { name in
      let adapter = try registries.adapters.trainableAdapter(named: name)
      let start = try adapter.initialParameters(for: model, settings: recipe.adapterSettings[name], seed: seed)
      return try TrainedAdapter(adapter, start: start, layout: part.layout, model: description)
    }
    try self.init(
      data: data, decoder: part, start: start, adapters: adapters, model: description, source: source,
      dropout: recipe.trainDecoder ? recipe.dropout : 0,
      dropping: recipe.dropping, heldOut: heldOut.map { HeldOutData($0, count: recipe.heldOutSamples) })
  }

  /// Checks that the codes of data are those of the model's tokenizer.
  private static func checkTokenizer(of data: TrainingData, _ source: ModelFolder?) throws {
    guard let source, let own = data.description, own.path != source.path,
      let found = try own.tokenizerFingerprint(), let expected = try source.tokenizerFingerprint(), found != expected
    else { return }
    throw TrainingError.sample(
      path: data.root, found: "codes of another tokenizer (fingerprint \(found.prefix(8)))",
      expected: "those of \(source.path) (\(expected.prefix(8))); prepare the data with `--model \(source.path)`")
  }

  private static func newDecoder(
    _ recipe: DecoderRecipe, data: TrainingData, source: ModelFolder?, _ registry: DecoderRegistry
  ) throws -> DecoderPart {
    let vocab = recipe.vocab > 0 ? recipe.vocab : source?.description.tokenizer?.configuration.codebook
    guard let vocab else {
      throw TrainingError.recipe(
        source: "the recipe", reason: "the number of codes is unknown; give --model DIR with a tokenizer, or vocab")
    }
    // Data without any class takes a decoder with one that nothing is of.
    guard let classes = recipe.classes > 0 ? recipe.classes : data.classes.map({ max(1, $0) }) else {
      throw TrainingError.recipe(source: "the recipe", reason: "the number of classes is unknown; give classes")
    }
    var sizes = [
      "dim": recipe.dim, "layers": recipe.layers, "heads": recipe.heads, "vocab": vocab, "classes": classes,
      "tokens": data.tokens,
    ]
    if recipe.hidden > 0 { sizes["hidden"] = recipe.hidden }
    return try DecoderPart(recipe.architecture, sizes: JSONValue(encoding: sizes), in: registry)
  }

  /// The model to be written: what the source has, without a decoder that is trained anew and the adapters of that one.
  private static func description(
    _ recipe: DecoderRecipe, data: TrainingData, source: ModelFolder?, layout: DecoderLayout
  ) -> ModelDescription {
    var description = source?.description ?? ModelDescription(name: "model", imageSize: max(1, recipe.imageSize))
    if let tokenizer = description.tokenizer?.configuration {
      description.imageSize = layout.columns * tokenizer.downsamplingFactor
    } else if recipe.imageSize > 0 {
      description.imageSize = recipe.imageSize
    } else if source == nil {
      // Nobody will decode the codes into pixels; 16 is the factor of the published tokenizers.
      description.imageSize = layout.columns * 16
    }
    if recipe.trainDecoder {
      description.decoder = nil
      description.adapters = [:]
      if !recipe.continueDecoder {
        description.summary = nil
        description.limits = nil
        description.trainingData = nil
      }
    }
    let names = data.classNames.isEmpty ? description.classNames : data.classNames
    description.classNames = names.count == layout.classes ? names : []
    return description
  }
}
