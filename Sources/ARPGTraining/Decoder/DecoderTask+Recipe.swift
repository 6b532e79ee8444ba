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
  ///   - registry: the adapters that there are.
  ///   - heldOut: data that the loss is measured on beside; nil for none.
  ///   - seed: of the weights of new adapters.
  /// - Throws: where something is missing or does not fit.
  public init(
    _ recipe: DecoderRecipe, data: TrainingData, model: ModelFolder?, registry: AdapterRegistry,
    heldOut: TrainingData? = nil, seed: UInt64
  ) throws {
    let source = model ?? data.description
    let needsDecoder = recipe.continueDecoder || !recipe.trainDecoder
    if needsDecoder, source?.description.decoder == nil {
      throw TrainingError.recipe(
        source: source?.path ?? "the recipe",
        reason: "a decoder is needed to go on from, and the model has none; give --model DIR with one")
    }
    try TrainingError.require(
      recipe.trainDecoder || !recipe.adapters.isEmpty, "train_decoder", recipe.trainDecoder,
      "true, since no adapter is trained")
    let configuration: DecoderConfiguration
    let start: DecoderStart
    if needsDecoder, let folder = source, let part = folder.description.decoder {
      configuration = part.configuration
      let checkpoint = try Checkpoint.open(folder.path(of: part.file))
      let table = Decoder.parameterTable(configuration)
      try ParameterError.check(checkpoint, against: table, ignoring: Decoder.ignores)
      var tensors: [String: Tensor] = [:]
      for entry in table { tensors[entry.name] = try checkpoint.tensor(named: entry.name) }
      start = recipe.trainDecoder ? .trained(tensors) : .frozen(tensors)
    } else {
      configuration = try Self.newConfiguration(recipe, data: data, source: source)
      start = .new
    }
    let draft = try Self.draft(recipe, data: data, source: source, configuration: configuration)
    // Adapters are fitted to a decoder; its weights matter to none, but some may look at them.
    let weights: [String: Tensor] =
      switch start {
      case .new: Decoder.initialParameters(configuration, seed: seed)
      case .trained(let tensors), .frozen(let tensors): tensors
      }
    let decoder = Decoder(configuration, ParameterReader(tensors: weights))
    let adapters = try recipe.adapters.map { name in
      let adapter = try registry.adapter(named: name)
      let start = try adapter.initialParameters(
        for: AdapterModel(
          decoder: decoder, imageSize: draft.imageSize, classNames: draft.description.classNames,
          configuration: recipe.adapterSettings[name]), seed: seed)
      return TrainedAdapter(adapter, start: start)
    }
    try self.init(
      data: data, configuration: configuration, start: start, adapters: adapters, model: draft,
      dropout: recipe.trainDecoder ? recipe.dropout : 0,
      dropping: recipe.dropping, heldOut: heldOut.map { HeldOutData($0, count: recipe.heldOutSamples) })
  }

  private static func newConfiguration(
    _ recipe: DecoderRecipe, data: TrainingData, source: ModelFolder?
  ) throws -> DecoderConfiguration {
    let vocab = recipe.vocab > 0 ? recipe.vocab : source?.description.tokenizer?.configuration.codebook
    guard let vocab else {
      throw TrainingError.recipe(
        source: "the recipe", reason: "the number of codes is unknown; give --model DIR with a tokenizer, or vocab")
    }
    // Data without any class takes a decoder with one that nothing is of.
    guard let classes = recipe.classes > 0 ? recipe.classes : data.classes.map({ max(1, $0) }) else {
      throw TrainingError.recipe(source: "the recipe", reason: "the number of classes is unknown; give classes")
    }
    let configuration = DecoderConfiguration(
      dim: recipe.dim, layers: recipe.layers, heads: recipe.heads, hidden: recipe.hidden > 0 ? recipe.hidden : nil,
      vocab: vocab, classes: classes, tokens: data.tokens)
    try configuration.validate()
    return configuration
  }

  /// The model to be written: what the source has, without a decoder that is trained anew and the adapters of that one.
  private static func draft(
    _ recipe: DecoderRecipe, data: TrainingData, source: ModelFolder?, configuration: DecoderConfiguration
  ) throws -> ModelDraft {
    var description = source?.description ?? ModelDescription(name: "model", imageSize: max(1, recipe.imageSize))
    if let tokenizer = description.tokenizer?.configuration {
      description.imageSize = configuration.grid * tokenizer.factor
    } else if recipe.imageSize > 0 {
      description.imageSize = recipe.imageSize
    } else if source == nil {
      // Nobody will decode the codes into pixels; 16 is the factor of the published tokenizers.
      description.imageSize = configuration.grid * 16
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
    description.classNames = names.count == configuration.classes ? names : []
    return ModelDraft(description, source: source)
  }
}
