import ARPGCheckpoints
import TestSupport
import Testing

/// Files that are no checkpoints, under the names of checkpoints.
struct FileSignatureTests {
  private static let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1279486318\n"
  private static let zeros = [UInt8](repeating: 0, count: 300)
  private static let tar = Array(repeating: UInt8(ascii: "a"), count: 100) + zeros[..<157] + Array("ustar".utf8) + zeros

  private static let files: [(bytes: [UInt8], found: String, remedy: String)] = [
    ([], "an empty file", "fetch"), (Array(pointer.utf8), "a Git LFS pointer", "git lfs pull"),
    (Array("\n <!DOCTYPE html>\n<html>Virus scan warning</html>".utf8), "an HTML page", "fetch"),
    ([0xef, 0xbb, 0xbf] + Array("<html lang=\"é\">".utf8), "an HTML page", "fetch"),
    (Array("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".utf8), "an XML text", "fetch"),
    (Array("{\"error\":\"Repository not found\"}".utf8), "a JSON text", "fetch"),
    (Array("{\"err\":{\"a\":1}}".utf8), "a JSON text", "fetch"), (Array("[1, 2, 3]".utf8), "a JSON text", "fetch"),
    (Array("Entry not found".utf8), "a text", "fetch"), ([0x1f, 0x8b, 8, 0] + zeros, "a gzip file", "gunzip"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0] + zeros, "an xz file", "unpack"), (tar, "a tar archive", "unpack"),
    ([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] + zeros, "an HDF5 file", "export"),
    (Array("GGUF".utf8) + [3, 0, 0, 0] + zeros, "a GGUF file", "export"),
    ([8, 7, 0x12, 7] + Array("pytorch".utf8) + zeros, "an ONNX or TensorFlow model", "export"),
    ([28, 0, 0, 0] + Array("TFL3".utf8) + zeros, "a TensorFlow Lite model", "export"),
    (zeros + [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], "the index of a TensorFlow checkpoint", "export"),
    ([0x93] + Array("NUMPY".utf8) + zeros, "a .npy array", "checkpoint"),
  ]

  @Test(arguments: files.indices, ["w.pt", "w.safetensors"]) func otherFilesAreTold(index: Int, name: String) throws {
    let (bytes, found, remedy) = Self.files[index]
    let path = try TemporaryFolder()
    let text = try #require(throws: CheckpointError.self) {
      try Checkpoint.open(path.write(bytes, as: name))
    }.description
    #expect(text.hasPrefix("\(path.file(name)): it is \(found)"), "\(text)")
    #expect(text.contains("; ") && text.contains(remedy), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test(arguments: [
    (["a.npy", "b.npy"], "save its arrays"),
    (["readme.txt", "sub/model.safetensors"], "give its sub/model.safetensors"),
    (["m/data.pkl", "m/constants.pkl"], "TorchScript"), (["readme.txt"], "torch.save"),
  ])
  func otherZipFilesAreTold(names: [String], reason: String) throws {
    let folder = try TemporaryFolder()
    let file = ZipBuilder().file(names.map { ($0, [1, 2, 3]) })
    let text = try #require(throws: CheckpointError.self) { try Checkpoint.open(folder.write(file, as: "w.pt")) }
      .description
    #expect(text.contains("it is a ") && text.contains(reason), "\(text)")
  }
}
