import Foundation

/// An adapter's weights in a file that describes itself: safetensors with an ``AdapterManifest`` in its metadata.
public struct AdapterFile: Sendable {
  /// Where the file is.
  public let path: String
  /// What it says of itself.
  public let manifest: AdapterManifest
  /// Its weights.
  public let checkpoint: Checkpoint

  /// A description takes a few kilobytes.
  private static let maxManifestBytes = 1 << 20

  /// Opens a file and checks its description; the weights are mapped, and compared with their hash.
  ///
  /// - Throws: ``AdapterFileError``, or ``/ARPGCheckpoints/CheckpointError`` where the file is no checkpoint.
  public init(contentsOf path: String) throws {
    let checkpoint = try Checkpoint.open(path)
    guard let text = checkpoint.metadata[AdapterManifest.key] else { throw AdapterFileError.plain(path: path) }
    self = try AdapterFile(checkpoint, text)
    guard try AdapterManifest.fingerprint(of: checkpoint) == manifest.weights else {
      throw AdapterFileError.otherWeights(path: path)
    }
  }

  private init(_ checkpoint: Checkpoint, _ text: String) throws {
    path = checkpoint.sourceName
    self.checkpoint = checkpoint
    func broken(_ reason: String) -> AdapterFileError { .broken(path: checkpoint.sourceName, reason: reason) }
    guard text.utf8.count <= Self.maxManifestBytes else { throw broken("it has \(text.utf8.count) bytes") }
    do { manifest = try JSONDecoder().decode(AdapterManifest.self, from: Data(text.utf8)) } catch {
      throw broken((error as? DecodingError)?.summary ?? "\(error)")
    }
    for (what, found, known) in [
      ("format", manifest.format, AdapterManifest.currentFormat),
      ("interface", manifest.interface, AdapterManifest.currentInterface),
    ] where !(1...known ~= found) {
      throw broken("its \(what) is \(found), and this program knows 1 to \(known)")
    }
  }

  /// What a checkpoint says of itself, where it is an adapter file; its hash is not compared.
  ///
  /// - Throws: ``AdapterFileError`` where its description is broken.
  public static func manifest(of checkpoint: Checkpoint) throws -> AdapterManifest? {
    try checkpoint.metadata[AdapterManifest.key].map { try AdapterFile(checkpoint, $0).manifest }
  }

  /// Settings and weights as an adapter takes them.
  public var weights: AdapterWeights {
    AdapterWeights(configuration: manifest.configuration, parameters: checkpoint)
  }
}

extension AdapterManifest {
  /// The metadata of a file.
  ///
  /// - Throws: where it cannot be written as JSON.
  public func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [Self.key: String(decoding: try encoder.encode(self), as: UTF8.self)]
  }
}

/// A file that is no usable adapter file.
public enum AdapterFileError: Error, CustomStringConvertible, Equatable {
  /// It has weights, and no description of them.
  case plain(path: String)
  /// Its description is not as it should be.
  case broken(path: String, reason: String)
  /// Its weights are not those that were described.
  case otherWeights(path: String)
  /// It is for an adapter that the program does not have.
  case otherKind(path: String, kind: String, known: String)
  /// Another file has its name.
  case taken(path: String, name: String)
  /// It does not fit a model.
  case misfit(path: String, model: String, differences: String)

  /// The file, what is wrong and what to do.
  public var description: String {
    switch self {
    case .plain(let path):
      "\(path): it does not describe itself as an adapter; make it a part of its model with `arpg convert --adapter NAME=FILE`, "
        + "and a file of that with `arpg adapters export NAME`"
    case .broken(let path, let reason): "\(path): the description of the adapter cannot be used: \(reason)"
    case .otherKind(let path, let kind, let known):
      "\(path): it is for the adapter '\(kind)', which this program does not have; it has \(known)"
    case .taken(let path, let name):
      "--adapter \(path): there is another '\(name)'; give this one a name: NAME=\(path)"
    case .otherWeights(let path):
      "\(path): the weights are not those that its description was written for; copy or download it again"
    case .misfit(let path, let model, let differences):
      "\(path): it does not fit the model \(model): \(differences); take a model with the sizes it was trained for"
    }
  }
}
