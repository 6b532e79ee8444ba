import ARPG
import ARPGImageFiles
import ARPGTensor
import Foundation

/// Turns images into what decoders and adapters learn from: codes, and control images beside them, in the layout of
/// ``TrainingData``.
///
/// An image whose files are there already is passed over, so that preparation can be resumed.
public struct DataPreparation: Sendable {
  /// The model whose tokenizer makes the codes.
  public let model: ModelFolder
  /// The adapters whose controls are stored.
  public let adapters: [any TrainableAdapter]
  /// Which parts of each image.
  public let crops: ImageCrops
  private let tokenizer: any ImageTokenizer
  private let preprocessors: [String: any ControlPreprocessor]
  private var record: PreparationRecord?

  /// A preparation with a model's tokenizer.
  ///
  /// - Throws: where the model has none, or it is broken; where the preprocessing of an adapter needs weights that the model
  ///   has not.
  public init(model: ModelFolder, adapters: [any TrainableAdapter], crops: ImageCrops = .centre) throws {
    self.model = model
    self.adapters = adapters
    self.crops = crops
    tokenizer = try model.loadTokenizer()
    preprocessors = try Dictionary(
      adapters.map { adapter in
        let name = adapter.descriptor.name
        return (name, try adapter.makePreprocessor(model.weights(ofPreprocessorOf: name)))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What became of an image.
  public enum Outcome: Sendable {
    /// Its files were written.
    case written
    /// Its files were there.
    case present
    /// It cannot be used, for a reason.
    case skipped(String)
  }

  /// Writes the description of the data: the model's image size and tokenizer, and the names of the classes. Where data is there
  /// that was made with other settings, all of it will be made anew.
  ///
  /// - Parameters:
  ///   - labels: the names of the classes that the images have.
  ///   - root: the folder of the data.
  ///   - registries: the tokenizers that the description of data that is there may name.
  /// - Returns: what has changed since data that is there was made; empty for nothing.
  /// - Throws: where the classes are not those of the data that is there.
  public mutating func writeDescription(labels: [String], to root: String, _ registries: Registries) throws -> [String]
  {
    try writeDescription(labels: labels, codes: nil, to: root, registries)
  }

  /// The same for data of a file of codes, or of images where that is nil.
  mutating func writeDescription(
    labels: [String], codes file: CodeFile?, to root: String, _ registries: Registries
  ) throws -> [String] {
    guard let part = model.description.tokenizer, let fingerprint = try model.tokenizerFingerprint() else { return [] }
    let known = model.description.classNames
    var description = ModelDescription(name: model.description.name, imageSize: model.description.imageSize)
    description.tokenizer = part
    description.tokenizer?.file = "tokenizer.safetensors"
    description.classNames = labels.allSatisfy(known.contains) ? known : labels
    let old = try? ModelFolder.read(root, registries),
      hasCodes = FileManager.default.fileExists(atPath: root + "/codes")
    if let old, old.description.classNames != description.classNames {
      throw TrainingError.otherRun(
        path: root, setting: "classes", found: labels.joined(separator: ", "),
        expected: old.description.classNames.joined(separator: ", "))
    }
    try Folder.make(root)
    let (record, changes) = try PreparationRecord.begin(
      tokenizer: fingerprint, size: description.imageSize, crops: crops, codes: file, in: root,
      dataTokenizer: hasCodes ? old?.tokenizerFingerprint() : nil)
    self.record = record
    var writer = ModelWriter(description)
    writer.add("tokenizer.safetensors", copyOf: model.path(of: part.file))
    try writer.write(to: root)
    return changes
  }

  /// Prepares an image.
  ///
  /// - Parameters:
  ///   - entry: of the list.
  ///   - list: that the image is on.
  ///   - root: the folder of the data.
  /// - Throws: where a file cannot be written; an image that cannot be read is no error but an outcome.
  public func prepare(_ entry: ImageList.Entry, of list: ImageList, to root: String) throws -> Outcome {
    let codesPath = entry.path(in: "\(root)/codes", ending: ".npy")
    if isPresent(entry, codesPath, root) { return .present }
    let images: [Image]
    let controls: [(path: String, image: Image)], texts: [(path: String, text: Data)]
    do {
      texts = try adapters.filter { $0.storedKind == .text }.map { try text($0, entry, list, root) }
      let image = try ImageFile.read(entry.path)
      images = crops.images(of: image, size: model.description.imageSize)
      controls = try adapters.filter { $0.storedKind != .text }.flatMap { adapter in
        let prepared = try self.controls(adapter, entry, list, image, images)
        return try prepared.enumerated().flatMap { index, control in
          let ending = (prepared.count == 1 ? "" : ".\(index)") + ".png"
          return try files(of: control, adapter, entry, list, root).map { folder, image in
            (entry.path(in: folder, ending: ending), image)
          }
        }
      }
    } catch {
      return .skipped("\(error)")
    }
    let codes = try images.flatMap { image in
      try tokenizer.encode(image.tensor.reshaped(1, 3, image.height, image.width)).codes
    }
    for path in controls.map(\.path) + texts.map(\.path) + [codesPath] {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try Folder.make(folder)
    }
    for text in texts { try AtomicFile.write(text.text, to: text.path) }
    for control in controls { try ImageFile.write(control.image, to: control.path) }
    // The codes come last: where they are, everything is.
    try NPYFile(shape: [1, codes.count, codes[0].count], values: codes.flatMap { $0 }).write(to: codesPath, as: .int32)
    return .written
  }

  /// Whether an image's files are there, made with these settings and after the image was changed last.
  private func isPresent(_ entry: ImageList.Entry, _ codes: String, _ root: String) -> Bool {
    guard isWritten(codes, from: entry.path) else { return false }
    return adapters.allSatisfy { adapter in
      let folder = TrainingData.controls(of: adapter.descriptor.name, in: root)
      let ending = adapter.storedKind == .text ? ".txt" : (crops == .centre ? "" : ".0") + ".png"
      return FileManager.default.fileExists(atPath: entry.path(in: folder, ending: ending))
    }
  }

  /// Whether a file of codes is there, made with these settings and after its source was changed last.
  func isWritten(_ codes: String, from source: String) -> Bool {
    record?.covers(codes, of: source) ?? FileManager.default.fileExists(atPath: codes)
  }

  /// The text that is stored for an adapter: the one that is given.
  private func text(
    _ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList, _ root: String
  ) throws -> (path: String, text: Data) {
    let name = adapter.descriptor.name, source = Self.textPath(adapter, entry, list)
    guard let text = try Self.givenText(adapter, entry, list) else {
      throw TrainingError.sample(path: entry.path, found: "no text for \(name)", expected: source)
    }
    return (entry.path(in: TrainingData.controls(of: name, in: root), ending: ".txt"), text)
  }

  /// Where the text of an adapter that takes one is given: `ADAPTER/CLASS/NAME.txt` beside the images.
  private static func textPath(_ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList) -> String {
    entry.path(in: "\(list.root)/\(adapter.descriptor.name)", ending: ".txt")
  }

  /// The text that is given there; nil where there is none.
  private static func givenText(
    _ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList
  ) throws -> Data? {
    let path = textPath(adapter, entry, list)
    guard let text = FileManager.default.contents(atPath: path) else { return nil }
    guard text.count < 1 << 20 else {
      throw TrainingError.sample(path: path, found: "\(text.count) bytes", expected: "a text of less than a megabyte")
    }
    return text
  }

  /// The inputs for an adapter that stand beside an image, one for each of its crops; nil where none does.
  private func givenInputs(
    _ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList, crops count: Int
  ) throws -> [AdapterInput]? {
    if adapter.descriptor.input == .text {
      return try Self.givenText(adapter, entry, list).map { text in
        let text = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return Array(repeating: .text(text), count: count)
      }
    }
    let name = adapter.descriptor.name, size = model.description.imageSize
    guard let path = list.map(name, of: entry) else { return nil }
    let image = try InputImage.read(path)
    let isLabelled = adapter.trainingMaps.contains(TrainingMap(name, isLabelled: true))
    return (isLabelled ? crops.labelledImages(of: image, size: size) : crops.images(of: image, size: size))
      .map { .image(FittedImage($0)) }
  }

  /// The controls of an adapter, one for each image: those that stand beside the image, cropped alike, or what the adapter
  /// makes of the images and of maps that stand beside them.
  private func controls(
    _ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList, _ image: Image,
    _ images: [Image]
  ) throws -> [PreparedControl?] {
    let size = model.description.imageSize
    let context = PreprocessingContext(imageSize: ImageSize(width: size, height: size))
    if let inputs = try givenInputs(adapter, entry, list, crops: images.count) {
      let options = try OptionValues(for: adapter.descriptor)
      return try inputs.map {
        try preprocessors[adapter.descriptor.name]?.preprocess($0, options: options, in: context).first
      }
    }
    var maps: [String: [Plane]] = [:]
    for map in adapter.trainingMaps {
      guard let path = list.map(map.name, of: entry) else { continue }
      let file = try InputImage.read(path)
      guard file.width * image.height == file.height * image.width else {
        throw TrainingError.sample(
          path: path, found: "\(file.width) x \(file.height) pixels",
          expected: "the shape of the image, which has \(image.width) x \(image.height)")
      }
      maps[map.name] = crops.planes(of: file.greyPlane, size: size, filter: map.isLabelled ? .nearest : nil)
    }
    return try images.enumerated().map { index, image in
      try adapter.control(of: TrainingImage(image: image, maps: maps.mapValues { $0[index] }), in: context)
    }
  }

  /// What is stored of a control: its own image, and those for training alone, each with its folder.
  private func files(
    of control: PreparedControl?, _ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList,
    _ root: String
  ) throws -> [(folder: String, image: Image)] {
    let name = adapter.descriptor.name
    guard let control, let image = control.image else {
      throw TrainingError.sample(
        path: entry.path, found: "no control for \(name), which an image does not tell",
        expected: entry.path(in: "\(list.root)/\(name)", ending: ".png"))
    }
    let folder = TrainingData.controls(of: name, in: root)
    return [(folder, image)]
      + control.trainingImages.sorted { $0.key < $1.key }.map { ("\(folder).\($0.key)", $0.value) }
  }
}
