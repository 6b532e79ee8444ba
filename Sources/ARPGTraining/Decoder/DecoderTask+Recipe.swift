import ARPG
import ARPGTensor
import Foundation

extension DecoderTask {
  /// Puts together what a recipe asks for.
  ///
  /// - Parameters:
  ///   - recipe: the settings.
  ///   - data: the data, of which a share may be held out; where it describes a tokenizer, the written model has it.
  ///   - model: a folder whose parts are taken over, or trained on; nil for none.
  ///   - registries: the adapters and decoder families that there are.
  ///   - starts: files with the weights that adapters begin with, by the names of the adapters.
  ///   - seed: of the run: of the weights of new adapters, and of what is held out.
  /// - Throws: where something is missing or does not fit.
  public init(
    _ recipe: DecoderRecipe, data: TrainingData, model: ModelFolder?, _ registries: Registries,
    starts: [String: AdapterFile] = [:], seed: UInt64
  ) throws {
    let source = model ?? data.description
    let (trained, held) = try recipe.heldOut.split(data, seed: seed) { try TrainingData($0, registries) }
    let other = held.flatMap { $0.data.root == data.root ? nil : $0.data }
    if let source { try TrainingData.checkTokenizer(of: [data] + [other].compactMap { $0 }, against: source) }
    let needsDecoder = recipe.continueDecoder || !recipe.trainDecoder
    if needsDecoder, source?.description.decoder == nil {
      throw TrainingError.recipe(
        source: source?.path ?? "the recipe",
        reason: "a decoder is needed to train on, and the model has none; give --model DIR with one")
    }
    try TrainingError.require(
      recipe.trainDecoder || !recipe.adapters.isEmpty, "train_decoder", recipe.trainDecoder,
      "true, since no adapter is trained")
    var part: DecoderPart
    let start: DecoderStart
    var names: [String] = [], notes: [String] = []
    if needsDecoder, let folder = source, let old = folder.description.decoder {
      part = old
      let checkpoint = try Checkpoint.open(folder.path(of: part.file))
      try part.check(checkpoint)
      if let precision = checkpoint.manifest?.precision {
        throw TrainingError.recipe(
          source: folder.path,
          reason:
            "its decoder is stored in \(precision.rawValue), which cannot be trained on; give the model that it was made from"
        )
      }
      var tensors: [String: Tensor] = [:]
      for entry in part.parameterTable { tensors[entry.name] = try checkpoint.tensor(named: entry.name) }
      names = folder.description.classNames
      if recipe.trainDecoder, let classes = NewClasses(data.classNames, after: names),
        let changed = try part.withClasses(classes.rows, tensors, seed: seed)
      {
        (part, tensors) = changed
        names = data.classNames
        notes.append(classes.note)
      }
      start = recipe.trainDecoder ? .trained(tensors) : .frozen(tensors)
    } else {
      part = try Self.newDecoder(recipe, data: data, source: source, registries.decoders)
      start = .new
    }
    // A decoder that is there has its classes; a new one has those of the data.
    let data = try trained.withClasses(names, count: part.layout.classes)
    let heldOut = try held.map {
      HeldOutData(
        try $0.data.withClasses(needsDecoder ? names : data.classNames, count: part.layout.classes),
        count: recipe.heldOut.samples)
    }
    let description = Self.description(recipe, data: data, source: source, layout: part.layout)
    let model = AdapterModel(
      layout: part.layout, imageSize: ImageSize(width: description.imageSize, height: description.imageSize),
      classNames: description.classNames)
    let adapters = try recipe.adapters.map { name in
      let adapter = try registries.adapters.trainableAdapter(named: name), settings = recipe.adapterSettings[name]
      let old =
        needsDecoder && recipe.continueAdapters ? try source?.trainedAdapter(adapter, settings: settings) : nil
      let file = try starts[name]?.weights.trained(adapter, settings: settings)
      if let path = file == nil ? old.flatMap({ _ in source?.path }) : starts[name]?.path {
        notes.append(
          "the adapter \(name) goes on from the weights of \(path)"
            + (file == nil ? "; continue_adapters=false begins anew" : ""))
      }
      let start = try file ?? old ?? adapter.initialParameters(for: model, settings: settings, seed: seed)
      return try TrainedAdapter(adapter, start: start, layout: part.layout, model: description)
    }
    notes += Self.adapterNotes(recipe, source: source, kept: description)
    notes += [recipe.heldOut.note(heldOut?.data.count ?? 0, besides: data.count)].compactMap { $0 }
    try self.init(
      data: data, decoder: part, start: start, adapters: adapters, model: description, source: source,
      dropout: recipe.trainDecoder ? recipe.dropout : 0,
      dropping: recipe.dropping, heldOut: heldOut)
    self.notes = notes
  }

  /// What becomes of the model's adapters that are not trained.
  private static func adapterNotes(
    _ recipe: DecoderRecipe, source: ModelFolder?, kept: ModelDescription
  ) -> [String] {
    let others = (source?.description.adapters.keys.sorted() ?? []).filter { !recipe.adapters.contains($0) }
    guard recipe.trainDecoder else { return [] }
    return others.map { name in
      kept.adapters[name] == nil
        ? "the adapter \(name) of the model is left out: it belongs to the decoder of before"
        : "the adapter \(name) stays as it is; it was trained with the decoder of before"
    }
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

  /// The model to be written: what the source has, without a decoder that is trained; without its adapters where that is a new
  /// one.
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
      if !recipe.continueDecoder {
        description.adapters = [:]
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

extension ModelFolder {
  /// An adapter as the model has it; nil where it has none, or one of other settings than are wished.
  fileprivate func trainedAdapter(_ adapter: any TrainableAdapter, settings: JSONValue?) throws -> NewAdapter? {
    guard let part = description.adapters[adapter.descriptor.name] else { return nil }
    let checkpoint = try Checkpoint.open(path(of: part.file))
    return try AdapterWeights(configuration: part.configuration, parameters: checkpoint)
      .trained(adapter, settings: settings)
  }
}

extension AdapterWeights {
  /// The weights to begin with; nil where they are of other settings than are wished.
  fileprivate func trained(_ adapter: any TrainableAdapter, settings: JSONValue?) throws -> NewAdapter? {
    let own = try adapter.settings(of: self)
    if let settings, settings != own { return nil }
    var tensors: [String: Tensor] = [:]
    for name in parameters.names { tensors[name] = try parameters.tensor(named: name) }
    return NewAdapter(configuration: own, parameters: ParameterSet(tensors))
  }
}
