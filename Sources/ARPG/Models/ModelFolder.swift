import Foundation

/// A model as a folder: `model.json` beside the safetensors files that it names.
public struct ModelFolder: Sendable {
  /// The name of the description in the folder.
  public static let descriptionName = "model.json"
  /// A model of a thousand classes takes 30 kB.
  private static let maxBytes = 1 << 20

  /// The folder.
  public let path: String
  /// What `model.json` says.
  public let description: ModelDescription

  /// Reads the description of a model and checks that its files are there.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - registries: the decoder families and tokenizers that there are.
  /// - Throws: ``ModelFolderError``.
  public static func read(_ path: String, _ registries: Registries) throws(ModelFolderError) -> ModelFolder {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path: path) }
    let folder = ModelFolder(path: path, description: try readDescription(in: path, registries))
    try checkNames(folder.description, in: path)
    let missing = Set(folder.description.files).filter {
      stat(folder.path(of: $0), &status) != 0 || status.st_mode & S_IFMT != S_IFREG
    }
    guard missing.isEmpty else { throw .missingFiles(path: path, files: missing.sorted()) }
    return folder
  }

  init(path: String, description: ModelDescription) {
    self.path = path
    self.description = description
  }

  /// The path of a file of the folder.
  public func path(of file: String) -> String { Self.place(file, in: path) }

  static func place(_ file: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
  }

  private static func readDescription(in path: String, _ registries: Registries) throws(ModelFolderError)
    -> ModelDescription
  {
    let file = place(descriptionName, in: path)
    do {
      let text = try MappedFile(file, maxBytes: maxBytes).withBytes { Data($0) }
      let description = try ModelDescription.read(text, registries)
      try description.validate()
      return description
    } catch {
      switch error {
      case FileError.unreadable(_, let reason): throw .unreadable(path: file, reason: reason)
      case let error as FileError: throw .unreadable(path: file, reason: "\(error)")
      case let error as DecodingError: throw .broken(path: file, reason: error.summary)
      default: throw .broken(path: file, reason: "\(error)")
      }
    }
  }

  static func checkNames(_ description: ModelDescription, in path: String) throws(ModelFolderError) {
    for name in description.files {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !name.contains("\0") else {
        throw .outside(path: place(descriptionName, in: path), file: name)
      }
    }
  }
}

/// A folder that holds no usable model.
public enum ModelFolderError: Error, CustomStringConvertible, Equatable {
  /// There is no folder of that name.
  case notAFolder(path: String)
  /// The description cannot be read.
  case unreadable(path: String, reason: String)
  /// The description is not as it should be.
  case broken(path: String, reason: String)
  /// The description names a file that is not in the folder.
  case outside(path: String, file: String)
  /// Files that the description names are not there.
  case missingFiles(path: String, files: [String])

  /// The folder or file, what is wrong and what to do.
  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path): there is no such folder; a model is a folder with \(ModelFolder.descriptionName) and its weights"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason); convert a checkpoint to make a model"
    case .broken(let path, let reason): "\(path): \(reason)"
    case .outside(let path, let file): "\(path): names the file '\(file)'; expected a name inside the model's folder"
    case .missingFiles(let path, let files):
      "\(path): \(files.joined(separator: ", ")) missing, though \(ModelFolder.descriptionName) names "
        + "\(files.count == 1 ? "it" : "them"); copy the whole folder"
    }
  }
}
