import ARPGTensor
import Foundation

/// Makes a model's folder from checkpoints as they are published.
///
/// Sizes are read off the tensors' shapes; what shapes do not tell is as in the published models unless given. An existing
/// folder keeps the parts that are not converted anew.
public struct ModelConversion: Sendable {
  /// The decoder's checkpoint: safetensors or PyTorch.
  public var decoder: String?
  /// The tokenizer's checkpoint.
  public var tokenizer: String?
  /// The adapters' checkpoints by the adapters' names, with their settings.
  public var adapters: [String: (file: String, configuration: JSONValue)] = [:]
  /// The decoder's attention heads; one for every 64 of its width where nil.
  public var heads: Int?
  /// The decoder's classes; what remains of its embeddings where nil.
  public var classes: Int?
  /// The side of the decoder's grid of codes; 16 where nil.
  public var grid: Int?
  /// The groups of the tokenizer's normalisation; 32 where nil.
  public var groups: Int?
  /// The names of the classes; ImageNet's for 1000 classes where nil.
  public var classNames: [String]?
  /// The model's name; the folder's where nil.
  public var name: String?
  /// Whether averaged weights are taken where a checkpoint has them.
  public var prefersEMA = false

  /// A conversion of nothing yet.
  public init() {}

  /// Converts.
  ///
  /// - Parameters:
  ///   - path: the model's folder, made where there is none.
  ///   - progress: is told which file is written; what it throws ends the conversion.
  /// - Throws: where a checkpoint is broken, is not what it should be, or the parts do not go together.
  public func write(to path: String, progress: (String) throws -> Void = { _ in }) throws -> ModelFolder {
    let exists = FileManager.default.fileExists(atPath: path + "/" + ModelFolder.descriptionName)
    let name = name ?? URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    var description = exists ? try ModelFolder.read(path).description : ModelDescription(name: name, imageSize: 256)
    var files: [(name: String, checkpoint: Checkpoint, ignored: (String) -> Bool)] = []

    if let decoder {
      let checkpoint = try Checkpoint.open(decoder, preferringEMA: prefersEMA)
      let configuration = try DecoderConfiguration(
        inferredFrom: checkpoint, heads: heads, classes: classes, tokens: grid.map { $0 * $0 })
      try ParameterError.check(
        checkpoint, against: Decoder.parameterTable(configuration), ignoring: Decoder.ignores)
      description.decoder = .init(file: "decoder.safetensors", configuration: configuration)
      description.sampling = .published(for: configuration)
      description.classNames = classNames ?? Self.knownNames(configuration.classes)
      files.append(("decoder.safetensors", checkpoint, Decoder.ignores))
    } else if let classNames {
      description.classNames = classNames
    }
    if let tokenizer {
      let checkpoint = try Checkpoint.open(tokenizer, preferringEMA: prefersEMA)
      let configuration = try VQConfiguration(inferredFrom: checkpoint, groups: groups)
      try ParameterError.check(
        checkpoint, against: VQTokenizer.parameterTable(configuration), ignoring: VQTokenizer.ignores)
      description.tokenizer = .init(file: "tokenizer.safetensors", configuration: configuration)
      files.append(("tokenizer.safetensors", checkpoint, VQTokenizer.ignores))
    }
    for (name, part) in adapters.sorted(by: { $0.key < $1.key }) {
      let file = "\(name).safetensors"
      description.adapters[name] = .init(file: file, configuration: part.configuration)
      files.append((file, try Checkpoint.open(part.file, preferringEMA: prefersEMA), { _ in false }))
    }
    let side = description.decoder?.configuration.grid ?? grid ?? 16
    if let tokenizer = description.tokenizer?.configuration { description.imageSize = side * tokenizer.factor }
    try description.validate()

    // All files are written beside the folder first, so that a conversion that fails changes nothing.
    let staging = "\(path.hasSuffix("/") ? String(path.dropLast()) : path).\(getpid()).part"
    try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: staging) }
    for file in files {
      try progress(file.name)
      try Self.write(file.checkpoint, leavingOut: file.ignored, to: staging + "/" + file.name)
    }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for file in files {
      guard rename(staging + "/" + file.name, path + "/" + file.name) == 0 else {
        throw FileError.unwritable(path: path + "/" + file.name, reason: FileError.systemReason)
      }
    }
    return try ModelFolder.write(description, to: path)
  }

  /// Writes the tensors of a checkpoint; half precision stays half precision.
  private static func write(_ checkpoint: Checkpoint, leavingOut ignored: (String) -> Bool, to path: String) throws {
    var writer = SafetensorsWriter()
    for name in checkpoint.names.sorted() where !ignored(name) {
      let type = checkpoint.scalarType(of: name) ?? .float32
      writer.add(
        name, shape: checkpoint.shape(of: name) ?? [], as: [.float16, .bfloat16].contains(type) ? type : .float32
      ) { try checkpoint.tensor(named: name) }
    }
    try writer.write(to: path)
  }

  private static func knownNames(_ classes: Int) -> [String] {
    classes == ImageNetClasses.names.count ? ImageNetClasses.names : []
  }
}

extension SamplingSettings {
  /// The settings that the authors suggest for a published size; those of ARPG-L for any other.
  static func published(for configuration: DecoderConfiguration) -> SamplingSettings {
    var settings = SamplingSettings()
    switch configuration.dim {
    case 1280: settings.guidance = 6
    case 1536: settings.guidance = 7.5
    default: settings.guidance = 5
    }
    return settings
  }
}
