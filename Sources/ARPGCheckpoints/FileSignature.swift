/// Tells by their first bytes what files are that stand where a checkpoint should.
struct FileSignature {
  /// What the file is.
  let found: String
  /// What to do.
  let remedy: String

  private static let fetch = "fetch the checkpoint itself"
  private static let export = "export the weights as safetensors, or with torch.save"

  /// The beginnings of files of other kinds.
  private static let beginnings: [(bytes: [UInt8], found: String, remedy: String)] = [
    (
      Array("version https://git-lfs".utf8), "a Git LFS pointer in place of the file",
      "run `git lfs pull` in its folder"
    ),
    ([0x1f, 0x8b], "a gzip file", "unpack it with gunzip or tar first"),
    (Array("BZh".utf8), "a bzip2 file", "unpack it with bunzip2 or tar first"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "an xz file", "unpack it with unxz or tar first"),
    ([0x28, 0xb5, 0x2f, 0xfd], "a zstd file", "unpack it with unzstd first"),
    ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive", "unpack it first"),
    (Array("Rar!".utf8), "a RAR archive", "unpack it first"),
    ([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "an HDF5 file, as Keras writes", export),
    (Array("GGUF".utf8), "a GGUF file", export), (Array("tjgg".utf8), "a GGML file", export),
    ([0x93] + Array("NUMPY".utf8), "a .npy array", "give a checkpoint, which holds tensors by their names"),
    ([0x89] + Array("PNG".utf8), "a PNG image", fetch), ([0xff, 0xd8, 0xff], "a JPEG image", fetch),
    (Array("%PDF".utf8), "a PDF document", fetch), (Array("#!".utf8), "a script", fetch),
  ]

  /// Recognises a file; nil where it may be a checkpoint.
  init?(_ bytes: UnsafeRawBufferPointer) {
    if bytes.isEmpty {
      self.init("an empty file", Self.fetch)
    } else if let known = Self.beginnings.first(where: { bytes.starts(with: $0.bytes) }) {
      self.init(known.found, known.remedy)
    } else if let text = Self.text(bytes) {
      self.init(text: text)
    } else if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
      self.init("a tar archive", "unpack it, or save it with PyTorch 1.6 or later")
    } else if bytes.count > 8, bytes[4..<8].elementsEqual("TFL3".utf8) {
      self.init("a TensorFlow Lite model", Self.export)
    } else if bytes.count > 8, Self.endsAsTensorFlowIndex(bytes) {
      self.init("the index of a TensorFlow checkpoint", Self.export)
    } else if bytes.count > 3, bytes[0] == 8, 1...20 ~= bytes[1], bytes[2] == 0x12 || bytes[2] == 0x1a {
      // Both begin with a version and then a text or a graph.
      self.init("an ONNX or TensorFlow model", Self.export)
    } else {
      return nil
    }
  }

  private init(_ found: String, _ remedy: String) {
    self.found = found
    self.remedy = remedy
  }

  /// Recognises a text by its beginning, which is without space and in lower case.
  private init?(text: String) {
    switch true {
    case text.hasPrefix("<!doctype html"), text.hasPrefix("<html"), text.hasPrefix("<head"), text.hasPrefix("<!--"):
      self.init("an HTML page, such as a server's login or warning", "\(Self.fetch), not the page about it")
    case text.hasPrefix("<?xml"), text.hasPrefix("<error"):
      self.init("an XML text, such as a server's error answer", Self.fetch)
    case text.hasPrefix("{"), text.hasPrefix("["):
      self.init("a JSON text, such as a server's error answer or a configuration", Self.fetch)
    default: self.init("a text", Self.fetch)
    }
  }

  /// The beginning of a text, without byte order mark and space; nil where there is anything that no text has.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let beginning = bytes[start..<min(bytes.count, start + 256)]
    guard beginning.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || 0x09...0x0d ~= $0 }) else { return nil }
    // The last character may be cut off.
    let text = String(decoding: beginning, as: UTF8.self)
    guard text.unicodeScalars.dropLast(3).allSatisfy({ $0 != "\u{fffd}" }) else { return nil }
    return String(text.drop(while: \.isWhitespace)).lowercased()
  }

  private static func endsAsTensorFlowIndex(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.suffix(8).elementsEqual([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb])
  }
}
