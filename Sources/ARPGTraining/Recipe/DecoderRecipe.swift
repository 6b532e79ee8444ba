import ARPG

/// The settings of `arpg train decoder` and `arpg train adapter`, beside those of ``LoopRecipe``.
public struct DecoderRecipe: Recipe, Equatable {
  /// The settings of the loop, flat beside the others.
  public var loop = LoopRecipe()
  /// `architecture`: the family of a new decoder; null for the one of models that name none. Null.
  package var architecture: String?
  /// `dim`, `layers`, `heads`, `hidden`: of a new decoder; a hidden width of 0 is that of the published sizes. 192, 8, 4, 0.
  package var dim = 192
  /// See `dim`.
  package var layers = 8
  /// See `dim`.
  package var heads = 4
  /// See `dim`.
  package var hidden = 0
  /// `vocab`: the codes of a new decoder; 0 for the tokenizer's. 0.
  package var vocab = 0
  /// `classes`: the classes of a new decoder; 0 for those of the data. 0.
  package var classes = 0
  /// `image_size`: the pixels of an image's side; 0 for what tokenizer or data say. 0.
  package var imageSize = 0
  /// `train_decoder`: whether the decoder is trained; adapters alone otherwise. True for `decoder`, false for `adapter`.
  package var trainDecoder = true
  /// `continue_decoder`: whether the decoder of the model that was given is trained on, and not a new one. False.
  package var continueDecoder = false
  /// `continue_adapters`: whether adapters that the given model has are trained on, where `adapter_settings` does not say
  /// otherwise, and not new ones. True.
  package var continueAdapters = true
  /// `adapters`: the adapters that are trained. None.
  package var adapters: [String] = []
  /// `adapter_settings`: settings of new adapters, by name, as in a model's description. None.
  package var adapterSettings: [String: JSONValue] = [:]
  /// `dropout`: the probability that a value of the decoder is dropped. 0.1; 0 where the decoder is frozen.
  package var dropout: Float = 0.1
  /// `drop_all`: the probability that class and controls are left out together. 0.1.
  package var dropAll = 0.1
  /// `drop_class`: the probability that the class alone is left out. 0.
  package var dropClass = 0.0
  /// `drop_control`: the probability that a control is left out, for each by itself; 0.5 suits two that are trained
  /// together. 0.1.
  package var dropControl = 0.1
  /// `drop_class_alone`: as `drop_class`, for samples without a control; null for the same. Null.
  package var dropClassAlone: Double?
  /// `mixture`: which controls samples have together, in place of `drop_control`: shares by the adapters' names with a plus
  /// between them, or `none`, as in `{"none": 0.25, "canny": 0.6, "canny+depth": 0.15}`. Empty.
  package var mixture: [String: Double] = [:]
  /// `mixture_without_class`: the same for samples that have no class; empty for `mixture`. Empty.
  package var mixtureWithoutClass: [String: Double] = [:]
  /// What the loss is measured on beside, flat beside the others.
  public var heldOut = HeldOutRecipe()

  /// The defaults of `arpg train decoder`.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case architecture, dim, layers, heads, hidden, vocab, classes, adapters, dropout, mixture
    case imageSize = "image_size"
    case trainDecoder = "train_decoder"
    case continueDecoder = "continue_decoder"
    case continueAdapters = "continue_adapters"
    case adapterSettings = "adapter_settings"
    case dropAll = "drop_all"
    case dropClass = "drop_class"
    case dropControl = "drop_control"
    case dropClassAlone = "drop_class_alone"
    case mixtureWithoutClass = "mixture_without_class"
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loop = try LoopRecipe(from: decoder)
    heldOut = try HeldOutRecipe(from: decoder)
    architecture = try container.decode(String?.self, forKey: .architecture)
    dim = try container.decode(Int.self, forKey: .dim)
    layers = try container.decode(Int.self, forKey: .layers)
    heads = try container.decode(Int.self, forKey: .heads)
    hidden = try container.decode(Int.self, forKey: .hidden)
    vocab = try container.decode(Int.self, forKey: .vocab)
    classes = try container.decode(Int.self, forKey: .classes)
    imageSize = try container.decode(Int.self, forKey: .imageSize)
    trainDecoder = try container.decode(Bool.self, forKey: .trainDecoder)
    continueDecoder = try container.decode(Bool.self, forKey: .continueDecoder)
    continueAdapters = try container.decode(Bool.self, forKey: .continueAdapters)
    adapters = try container.decode([String].self, forKey: .adapters)
    adapterSettings = try container.decode([String: JSONValue].self, forKey: .adapterSettings)
    dropout = try container.decode(Float.self, forKey: .dropout)
    dropAll = try container.decode(Double.self, forKey: .dropAll)
    dropClass = try container.decode(Double.self, forKey: .dropClass)
    dropControl = try container.decode(Double.self, forKey: .dropControl)
    dropClassAlone = try container.decode(Double?.self, forKey: .dropClassAlone)
    mixture = try container.decode([String: Double].self, forKey: .mixture)
    mixtureWithoutClass = try container.decode([String: Double].self, forKey: .mixtureWithoutClass)
  }

  /// Writes all settings into one object.
  public func encode(to encoder: any Encoder) throws {
    try loop.encode(to: encoder)
    try heldOut.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(architecture, forKey: .architecture)
    try container.encode(dim, forKey: .dim)
    try container.encode(layers, forKey: .layers)
    try container.encode(heads, forKey: .heads)
    try container.encode(hidden, forKey: .hidden)
    try container.encode(vocab, forKey: .vocab)
    try container.encode(classes, forKey: .classes)
    try container.encode(imageSize, forKey: .imageSize)
    try container.encode(trainDecoder, forKey: .trainDecoder)
    try container.encode(continueDecoder, forKey: .continueDecoder)
    try container.encode(continueAdapters, forKey: .continueAdapters)
    try container.encode(adapters, forKey: .adapters)
    try container.encode(adapterSettings, forKey: .adapterSettings)
    try container.encode(dropout, forKey: .dropout)
    try container.encode(dropAll, forKey: .dropAll)
    try container.encode(dropClass, forKey: .dropClass)
    try container.encode(dropControl, forKey: .dropControl)
    try container.encode(dropClassAlone, forKey: .dropClassAlone)
    try container.encode(mixture, forKey: .mixture)
    try container.encode(mixtureWithoutClass, forKey: .mixtureWithoutClass)
  }

  /// The settings that may change when a run is resumed.
  public static let changeable = LoopRecipe.changeable.union(HeldOutRecipe.changeable).union([
    "continue_adapters"
  ])

  /// Checks every setting that needs no model to check.
  public func validate() throws {
    try loop.validate()
    try heldOut.validate()
    try TrainingError.require(0..<1 ~= dropout, "dropout", dropout, "0 to below 1")
    for (setting, value) in [
      ("drop_all", dropAll), ("drop_class", dropClass), ("drop_control", dropControl),
      ("drop_class_alone", dropClassAlone ?? 0),
    ] {
      try TrainingError.require(0...1 ~= value, setting, value, "0 to 1")
    }
    _ = try dropping
    try TrainingError.require(
      Set(adapters).count == adapters.count, "adapters", adapters, "each adapter once")
    if let stranger = adapterSettings.keys.sorted().first(where: { !adapters.contains($0) }) {
      throw TrainingError.outOfRange(
        setting: "adapter_settings", found: "for \(stranger)", expected: "settings of \(adapters)")
    }
  }

  /// How often conditions are left out.
  ///
  /// - Throws: ``TrainingError/outOfRange(setting:found:expected:)`` for a mixture that is none.
  var dropping: ConditionDropping {
    get throws {
      func mixture(_ shares: [String: Double], _ setting: String) throws -> ControlMixture? {
        shares.isEmpty ? nil : try ControlMixture(shares, adapters: adapters, setting: setting)
      }
      return ConditionDropping(
        everything: dropAll, label: dropClass, labelAlone: dropClassAlone, control: dropControl,
        mixture: try mixture(self.mixture, "mixture"),
        mixtureWithoutClass: try mixture(mixtureWithoutClass, "mixture_without_class"))
    }
  }
}
