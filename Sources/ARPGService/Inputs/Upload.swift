import ARPG
import ARPGImageFiles
import Foundation

/// Bytes that a client sent: an image, or whatever an adapter takes.
public struct Upload: Sendable {
  /// What errors and records call it.
  public let name: String
  /// The content.
  public let bytes: [UInt8]

  /// Bytes with a name, of which what stands behind the last slash is kept.
  public init(_ bytes: [UInt8], named name: String) {
    self.bytes = bytes
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "upload"
    self.name = String(last.prefix(100))
  }

  /// Reads base64, or a data URL with it: `data:image/png;base64,...`.
  ///
  /// - Throws: ``ServiceError/Kind/malformed``.
  public init(base64 text: String, named name: String) throws(ServiceError) {
    var encoded = Substring(text)
    if text.hasPrefix("data:") {
      guard let comma = text.firstIndex(of: ","), text[..<comma].hasSuffix(";base64") else {
        throw ServiceError(.malformed, "\(name) is a data URL that is not in base64; write data:image/png;base64,...")
      }
      encoded = text[text.index(after: comma)...]
    }
    guard !encoded.isEmpty, let data = Data(base64Encoded: String(encoded), options: .ignoreUnknownCharacters) else {
      throw ServiceError(.malformed, "\(name) is not base64; send the bytes of a file in base64, or a data URL")
    }
    self.init([UInt8](data), named: name)
  }

  /// A hash of the content.
  public var fingerprint: String {
    var fingerprint = Fingerprint()
    bytes.withUnsafeBytes { fingerprint.add($0) }
    return fingerprint.text
  }

  /// The content as an image.
  ///
  /// - Throws: ``/ARPGImageFiles/ImageFileError``, before any memory is taken that the limits do not allow.
  public func image(_ limits: ImageLimits) throws -> Image {
    try ImageFile.read(bytes, named: name, limit: limits)
  }

  /// The content as an adapter takes it.
  ///
  /// - Throws: where it is not what the kind asks for.
  public func input(_ kind: AdapterDescriptor.Input, _ limits: ImageLimits) throws -> ControlInput {
    switch kind {
    case .image: .image(try image(limits))
    case .text: .text(String(decoding: bytes, as: UTF8.self))
    case .tensor: .tensor(try TensorFile.read(bytes, named: name))
    case .file: .file(Data(bytes))
    }
  }
}
