/// What wrappers around a model make of the names of its tensors.
enum WeightNames {
  /// Prefixes that wrappers put before any name.
  private static let wrappers = ["_orig_mod.", "module."]
  /// Prefixes of a training program's model and of its average, where every name has one.
  private static let models = ["model.", "online_model."], averages = ["model_ema.", "ema_model.", "ema."]
  /// Numbers that averages and training programs keep beside the weights.
  private static let bookkeeping: Set<String> = [
    "n_averaged", "num_updates", "initted", "step", "steps", "global_step", "epoch", "decay", "ema_decay",
  ]

  /// The prefixes of models inside training programs, the preferred first.
  static func prefixes(preferringAverages: Bool) -> [String] {
    preferringAverages ? averages + models : models + averages
  }

  /// Whether a tensor is no weight but a number that a training program keeps beside them.
  static func isBookkeeping(_ name: String, shape: [Int]) -> Bool {
    shape.allSatisfy { $0 == 1 } && bookkeeping.contains(stripped(name))
  }

  /// A name without the prefixes of wrappers.
  static func stripped(_ name: String) -> String {
    var rest = Substring(name)
    while let wrapper = wrappers.first(where: rest.hasPrefix) { rest = rest.dropFirst(wrapper.count) }
    return String(rest)
  }

  /// The prefix of the model whose weights are taken, where every name has that of one inside a training program;
  /// otherwise nil.
  ///
  /// - Parameter preferringAverages: whether those of an average are taken where both are there.
  static func model(
    in names: some Collection<String>, preferringAverages: Bool
  ) -> (prefix: String, isAverage: Bool, hasBoth: Bool)? {
    var found: Set<String> = []
    for name in names {
      guard let prefix = (models + averages).first(where: name.hasPrefix) else { return nil }
      found.insert(prefix)
    }
    let (plain, average) = (models.first(where: found.contains), averages.first(where: found.contains))
    guard let prefix = preferringAverages ? average ?? plain : plain ?? average else { return nil }
    return (prefix, prefix == average, plain != nil && average != nil)
  }
}
