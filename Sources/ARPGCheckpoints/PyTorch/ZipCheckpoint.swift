/// A PyTorch archive: a zip file of `name/data.pkl` and `name/data/KEY` for each storage.
struct ZipCheckpoint {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private let archive: ZipArchive

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    self.bytes = bytes
    self.path = path
    archive = try ZipArchive(bytes, path: path)
  }

  /// What to do with a zip file of these parts.
  private static func remedy(for names: [String]) -> String {
    let endings = [".safetensors", ".pt", ".pth", ".bin", ".ckpt"]
    if let part = names.first(where: { endings.contains(where: $0.hasSuffix) }) {
      return "unpack it and give its \(part)"
    }
    if names.contains(where: { $0.hasSuffix(".npy") }) { return "save its arrays as safetensors" }
    return "give what torch.save wrote"
  }

  func contents(preferringEMA: Bool) throws -> CheckpointContents {
    let pickles = archive.names.filter { $0.hasSuffix("/data.pkl") || $0 == "data.pkl" }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw CheckpointError.unsupported(
        path: path, found: "it is a zip file with \(pickles.count) files data.pkl, so not a PyTorch checkpoint",
        remedy: Self.remedy(for: archive.names))
    }
    guard !archive.names.contains(where: { $0.hasSuffix("/constants.pkl") }) else {
      throw CheckpointError.unsupported(
        path: path, found: "it is a TorchScript program",
        remedy: "load it with torch.jit.load and save its state_dict()")
    }
    let folder = pickle.dropLast("data.pkl".count)
    if let order = try archive.place(of: folder + "byteorder"), !bytes[order].starts(with: "little".utf8) {
      throw CheckpointError.unsupported(
        path: path, found: "its byte order is not little", remedy: "save it on a little-endian machine")
    }
    guard let range = try archive.place(of: pickle), range.count <= PickleMachine.maxBytes else {
      throw CheckpointError.unsupported(
        path: path, found: "its pickle has more than \(PickleMachine.maxBytes) bytes",
        remedy: "save its state_dict() alone or as safetensors")
    }
    let (machine, value, _) = try PickleMachine.run(UnsafeRawBufferPointer(rebasing: bytes[range]), path: path)
    let weights = try TorchWeights(machine, value, preferringEMA: preferringEMA)
    return try weights.contents { storage in
      guard let place = try archive.place(of: "\(folder)data/\(storage.key)") else {
        throw CheckpointError.malformed(path: path, found: "no storage \(storage.key)", expected: "it in the archive")
      }
      guard storage.fills(place) else {
        throw CheckpointError.malformed(
          path: path, found: "\(place.count) bytes for storage \(storage.key)",
          expected: "those of \(storage.count) values of \(storage.typeName)")
      }
      return place
    }
  }
}
