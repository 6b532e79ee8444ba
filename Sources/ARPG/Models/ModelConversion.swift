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
  /// The checkpoints of the adapters' preprocessing, with their settings; only beside those of the adapter, or where the
  /// model has it.
  public var preprocessors: [String: (file: String, configuration: JSONValue)] = [:]
  /// What the decoder's tensors do not tell.
  public var hints = DecoderHints()
  /// The groups of the tokenizer's normalisation; 32 where nil.
  public var groups: Int?
  /// The names of the classes; ImageNet's for 1000 classes where nil.
  public var classNames: [String]?
  /// The model's name; the folder's where nil.
  public var name: String?
  /// Whether EMA weights are taken where a checkpoint has them.
  public var prefersEMA = false

  /// A conversion of nothing yet.
  public init() {}

  /// Converts.
  ///
  /// - Parameters:
  ///   - path: the model's folder, made where there is none.
  ///   - registries: the decoder families and tokenizers that there are.
  ///   - progress: is told which file is written; what it throws ends the conversion.
  /// - Throws: where a checkpoint is broken, is not what it should be, or the parts do not go together. The folder is then
  ///   as it was.
  public func write(
    to path: String, _ registries: Registries, progress: (String) throws -> Void = { _ in }
  ) throws -> ModelFolder {
    let exists = FileManager.default.fileExists(atPath: path + "/" + ModelFolder.descriptionName)
    let name = name ?? URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    var writer = ModelWriter(
      exists ? try ModelFolder.read(path, registries).description : ModelDescription(name: name, imageSize: 256))

    if let decoder {
      let checkpoint = try Checkpoint.open(decoder, preferringEMA: prefersEMA)
      let part = try DecoderPart(inferredFrom: checkpoint, hints, in: registries.decoders)
      try part.check(checkpoint)
      writer.description.decoder = part
      writer.description.sampling = part.suggestedSettings
      writer.description.classNames = classNames ?? Self.knownNames(part.layout.classes)
      writer.add(part.file, of: checkpoint, ignoring: part.family.ignores, as: Self.keepingHalves)
    } else if let classNames {
      writer.description.classNames = classNames
    }
    if let tokenizer {
      let checkpoint = try Checkpoint.open(tokenizer, preferringEMA: prefersEMA)
      let part = try TokenizerPart(inferredFrom: checkpoint, groups: groups, in: registries.tokenizers)
      try part.check(checkpoint)
      writer.description.tokenizer = part
      writer.add(part.file, of: checkpoint, ignoring: part.architecture.ignores, as: Self.keepingHalves)
    }
    for (name, part) in adapters.sorted(by: { $0.key < $1.key }) {
      let file = "\(name).safetensors"
      writer.description.adapters[name] = .init(file: file, configuration: part.configuration)
      writer.add(file, of: try Checkpoint.open(part.file, preferringEMA: prefersEMA), as: Self.keepingHalves)
    }
    for (name, part) in preprocessors.sorted(by: { $0.key < $1.key }) {
      guard writer.description.adapters[name] != nil else {
        throw ConfigurationError.invalid(
          field: "adapters", found: "no \(name)",
          expected: "the adapter that \(part.file) belongs to; convert it as well")
      }
      let file = "\(name).preprocessor.safetensors"
      writer.description.adapters[name]?.preprocessor = .init(file: file, configuration: part.configuration)
      writer.add(file, of: try Checkpoint.open(part.file, preferringEMA: prefersEMA), as: Self.keepingHalves)
    }
    let side = writer.description.decoder?.layout.columns ?? hints.grid ?? 16
    if let tokenizer = writer.description.tokenizer?.configuration {
      writer.description.imageSize = side * tokenizer.downsamplingFactor
    }
    // Before anything is written: the writer would refuse the description as well, but name a folder that is not there.
    try writer.description.validate()
    return try writer.write(to: path, progress: progress)
  }

  /// Half precision stays half precision.
  private static func keepingHalves(_ type: ScalarType, _ shape: [Int]) -> ScalarType {
    [.float16, .bfloat16].contains(type) ? type : .float32
  }

  private static func knownNames(_ classes: Int) -> [String] {
    classes == ImageNetClasses.names.count ? ImageNetClasses.names : []
  }
}
