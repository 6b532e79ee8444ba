import ARPG
import ARPGTensor
import Foundation

/// The model that a run writes: what it takes over from another, with the trained parts put in.
public struct ModelDraft: Sendable {
  /// Its description, without the parts that are trained.
  public let description: ModelDescription
  /// The folder with the files that the description names; nil where it names none.
  public let source: ModelFolder?

  /// A model; see the properties.
  public init(_ description: ModelDescription, source: ModelFolder? = nil) {
    self.description = description
    self.source = source
  }

  /// The size of its images.
  public var imageSize: ImageSize { ImageSize(width: description.imageSize, height: description.imageSize) }

  /// Writes a model: the files that are taken over once, the trained ones anew, then the description.
  ///
  /// - Parameters:
  ///   - path: the model's folder.
  ///   - decoder: the trained decoder; nil where it is taken over.
  ///   - adapters: the trained adapters by their names.
  func write(
    to path: String, decoder: (configuration: DecoderConfiguration, tensors: [String: Tensor])?,
    adapters: [String: NewAdapter]
  ) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var description = description
    if let decoder {
      description.decoder = .init(file: "decoder.safetensors", configuration: decoder.configuration)
    }
    for (name, adapter) in adapters {
      description.adapters[name] = .init(file: "\(name).safetensors", configuration: adapter.configuration)
    }
    try takeOver(adapters: Set(adapters.keys), decoder: decoder == nil, to: path)
    if let decoder { try Self.write(decoder.tensors, to: "\(path)/decoder.safetensors") }
    for (name, adapter) in adapters { try Self.write(adapter.parameters.tensors, to: "\(path)/\(name).safetensors") }
    try ModelFolder.write(description, to: path)
  }

  /// Copies the files of parts that are not trained, where they are not there yet.
  private func takeOver(adapters trained: Set<String>, decoder: Bool, to path: String) throws {
    guard let source else { return }
    var files = description.adapters.filter { !trained.contains($0.key) }.map(\.value.file)
    if let file = description.tokenizer?.file { files.append(file) }
    if decoder, let file = description.decoder?.file { files.append(file) }
    for file in files where !FileManager.default.fileExists(atPath: "\(path)/\(file)") {
      let bytes = try MappedFile(source.path(of: file))
      try AtomicFile.write(to: "\(path)/\(file)") { target in
        let error: FileError? = bytes.withBytes { bytes in
          do throws(FileError) { try target.append(bytes) } catch { return error }
          return nil
        }
        if let error { throw error }
      }
    }
  }

  private static func write(_ tensors: [String: Tensor], to path: String) throws {
    var writer = SafetensorsWriter()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { writer.add(name, tensor) }
    try writer.write(to: path)
  }
}
