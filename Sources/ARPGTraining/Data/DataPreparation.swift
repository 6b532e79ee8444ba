import ARPG
import ARPGImageFiles
import ARPGTensor
import Foundation

/// Turns pictures into what decoders and adapters learn from: codes, and control images beside them, in the layout of
/// ``TrainingData``.
///
/// A picture whose files are there already is passed over, so that preparation can be stopped and taken up.
public struct DataPreparation: Sendable {
  /// The model whose tokenizer makes the codes.
  public let model: ModelFolder
  /// The adapters whose controls are stored.
  public let adapters: [any ControlAdapter]
  /// Which parts of each picture.
  public let crops: PictureCrops
  private let tokenizer: VQTokenizer

  /// A preparation with a model's tokenizer.
  ///
  /// - Throws: where the model has none, or it is broken.
  public init(model: ModelFolder, adapters: [any ControlAdapter], crops: PictureCrops = .centre) throws {
    self.model = model
    self.adapters = adapters
    self.crops = crops
    tokenizer = try model.loadTokenizer()
  }

  /// What became of a picture.
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
  /// - Parameter labels: the names of the classes that the pictures have.
  /// - Throws: where the classes are not those of the data that is there.
  public func writeDescription(labels: [String], to root: String) throws {
    guard let part = model.description.tokenizer else { return }
    let known = model.description.classNames
    var description = ModelDescription(name: model.description.name, imageSize: model.description.imageSize)
    description.tokenizer = .init(file: "tokenizer.safetensors", configuration: part.configuration)
    description.classNames = labels.allSatisfy(known.contains) ? known : labels
    if let old = try? ModelFolder.read(root), old.description.classNames != description.classNames {
      throw TrainingError.otherRun(
        path: root, setting: "classes", found: labels.joined(separator: ", "),
        expected: old.description.classNames.joined(separator: ", "))
    }
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let bytes = try MappedFile(model.path(of: part.file)).withBytes { Data($0) }
    try AtomicFile.write(bytes, to: root + "/tokenizer.safetensors")
    try ModelFolder.write(description, to: root)
  }

  /// Prepares a picture.
  ///
  /// - Parameters:
  ///   - entry: of the list.
  ///   - list: that the picture is on.
  ///   - root: the folder of the data.
  /// - Throws: where a file cannot be written; a picture that cannot be read is no error but an outcome.
  public func prepare(_ entry: PictureList.Entry, of list: PictureList, to root: String) throws -> Outcome {
    let codesPath = "\(root)/codes/\(entry.label)/\(entry.name).npy"
    if FileManager.default.fileExists(atPath: codesPath) { return .present }
    let images: [Image]
    let controls: [(path: String, image: Image)]
    do {
      let size = model.description.imageSize
      images = crops.images(of: try ImageFile.read(entry.path), size: size)
      controls = try adapters.flatMap { adapter in
        let pictures = try self.controls(adapter, entry, list, images)
        return pictures.enumerated().map { index, image in
          let suffix = pictures.count == 1 ? "" : ".\(index)"
          return ("\(root)/controls/\(adapter.descriptor.name)/\(entry.label)/\(entry.name)\(suffix).png", image)
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

  /// The control images of an adapter, one for each image: those that stand beside the picture, cropped alike, or what
  /// the adapter makes of the images.
  private func controls(
    _ adapter: any ControlAdapter, _ entry: PictureList.Entry, _ list: PictureList, _ images: [Image]
  ) throws -> [Image] {
    let name = adapter.descriptor.name, size = model.description.imageSize
    let context = PreprocessingContext(imageSize: ImageSize(width: size, height: size))
    let prepared: [PreparedControl?]
    if let path = list.control(name, of: entry) {
      let given = crops.images(of: try ImageFile.read(path), size: size)
      prepared = try given.map {
        try adapter.preprocess(.image($0), options: OptionValues(for: adapter.descriptor), in: context).first
      }
    } else {
      prepared = try images.map { try adapter.control(of: $0, in: context) }
    }
    return try prepared.map { control in
      guard let picture = control?.picture else {
        throw TrainingError.sample(
          path: entry.path, found: "no control for \(name), which a picture does not tell",
          expected: "\(list.root)/\(name)/\(entry.label)/\(entry.name).png")
      }
      return picture
    }
  }
}
