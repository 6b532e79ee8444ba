import ARPG
import ARPGTraining

/// The images of prepared data with their controls, as a model is given them.
struct StoredImages: Sendable {
  /// The names of the controls.
  let names: [String]
  /// The adapters that the controls are stored for, one for each name.
  let adapters: [any TrainableAdapter]
  /// The adapter that takes a class; nil for none.
  let classes: String?
  private let data: TrainingData
  private let model: Model

  /// An image of the data.
  struct Element: Sendable {
    /// Its place in the data.
    let index: Int
    /// What the class adapter is given; nil for an image without a class.
    let label: String?
    /// One for each of ``StoredImages/names``.
    let controls: [PreparedControl]
    /// What the tokenizer makes of its codes.
    let reconstruction: Image
  }

  /// Checks that data suits a model, and holds the controls.
  init(_ data: TrainingData, of pipeline: Pipeline, controls names: [String], classes: String?) throws {
    let model = pipeline.model, registry = pipeline.registry
    self.names = names
    self.model = model
    adapters = try names.map { name in
      let original = try registry.original(named: name), stored = original.descriptor.name
      guard data.adapters.contains(stored) else {
        throw DataEvaluationError.noControl(data: data.root, adapter: stored, known: data.adapters)
      }
      _ = try registry.adapter(named: name).fit(to: model.adapterModel(name))
      guard let trainable = original as? any TrainableAdapter else {
        throw AdapterTrainingError.notTrainable(adapter: stored)
      }
      return trainable
    }
    let classes = model.layout.classes > 0 ? classes : nil
    if let folder = model.folder { try TrainingData.checkTokenizer(of: [data], against: folder) }
    let data =
      try classes == nil
      ? data.withoutClasses() : data.withClasses(model.classNames, count: model.layout.classes)
    try data.check(for: model.layout)
    self.data = data
    self.classes = data.classes == 0 ? nil : classes
    if let classes = self.classes {
      _ = try registry.adapter(named: classes).fit(to: model.adapterModel(classes))
    }
  }

  /// The number of images.
  var count: Int { data.count }

  /// What adapters may know of the model.
  var context: PreprocessingContext { model.preprocessingContext }

  /// The places of some images, spread over all.
  func indices(_ count: Int) -> [Int] { HeldOutData(data, count: count).indices }

  /// Reads an image.
  ///
  /// - Throws: where it does not suit the model, or a control is missing or broken.
  func read(_ index: Int) throws -> Element {
    let sample = try data.sample(index) { _ in 0 }
    try data.check(sample, at: index, for: model.layout)
    return Element(
      index: index, label: sample.label.map(text),
      controls: try adapters.map { try data.control($0, of: index, sample, in: context) },
      reconstruction: try model.image(of: sample.codes))
  }

  /// What the class adapter is given: the name of a class where it has one of its own.
  private func text(of label: Int) -> String {
    let names = model.classNames
    return names.indices.contains(label) && names.firstIndex(of: names[label]) == label ? names[label] : "\(label)"
  }
}
