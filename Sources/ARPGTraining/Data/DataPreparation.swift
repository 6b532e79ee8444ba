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

  /// Writes the description of the data: the model's image size and tokenizer, and the names of the classes.
  ///
  /// - Parameters:
  ///   - labels: the names of the classes that the images have.
  ///   - root: the folder of the data.
  ///   - registries: the tokenizers that the description of data that is there may name.
  /// - Throws: where the classes are not those of the data that is there.
  public func writeDescription(labels: [String], to root: String, _ registries: Registries) throws {
    guard let part = model.description.tokenizer else { return }
    let known = model.description.classNames
    var description = ModelDescription(name: model.description.name, imageSize: model.description.imageSize)
    description.tokenizer = part
    description.tokenizer?.file = "tokenizer.safetensors"
    description.classNames = labels.allSatisfy(known.contains) ? known : labels
    if let old = try? ModelFolder.read(root, registries), old.description.classNames != description.classNames {
      throw TrainingError.otherRun(
        path: root, setting: "classes", found: labels.joined(separator: ", "),
        expected: old.description.classNames.joined(separator: ", "))
    }
    var writer = ModelWriter(description)
    writer.add("tokenizer.safetensors", copyOf: model.path(of: part.file))
    try writer.write(to: root)
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
    if FileManager.default.fileExists(atPath: codesPath) { return .present }
    let images: [Image]
    let controls: [(path: String, image: Image)]
    do {
      let image = try ImageFile.read(entry.path)
      images = crops.images(of: image, size: model.description.imageSize)
      controls = try adapters.flatMap { adapter in
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
    for path in controls.map(\.path) + [codesPath] {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    for control in controls { try ImageFile.write(control.image, to: control.path) }
    // The codes come last: where they are, everything is.
    try NPYFile(shape: [1, codes.count, codes[0].count], values: codes.flatMap { $0 }).write(to: codesPath, as: .int32)
    return .written
  }

  /// The controls of an adapter, one for each image: those that stand beside the image, cropped alike, or what the adapter
  /// makes of the images and of maps that stand beside them.
  private func controls(
    _ adapter: any TrainableAdapter, _ entry: ImageList.Entry, _ list: ImageList, _ image: Image,
    _ images: [Image]
  ) throws -> [PreparedControl?] {
    let size = model.description.imageSize
    let context = PreprocessingContext(imageSize: ImageSize(width: size, height: size))
    if let path = list.map(adapter.descriptor.name, of: entry) {
      return try crops.images(of: try ImageFile.read(path), size: size).map {
        try preprocessors[adapter.descriptor.name]?.preprocess(
          .image(FittedImage($0)), options: OptionValues(for: adapter.descriptor), in: context
        ).first
      }
    }
    var maps: [String: [Plane]] = [:]
    for map in adapter.trainingMaps {
      guard let path = list.map(map.name, of: entry) else { continue }
      let file = try ImageFile.read(path)
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
