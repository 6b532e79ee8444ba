import ARPGFiles
import ARPGKernels
import ARPGTensor
import Synchronization

/// The named tensors of a checkpoint, in a file or divided over several, mapped into memory and read when asked for.
///
/// Nothing in the file is ever executed: of a pickle only tensors are understood, the rest is skipped or refused.
public struct Checkpoint: ParameterSource {
  /// The kinds of files.
  public enum Format: String, Sendable {
    /// A safetensors file.
    case safetensors
    /// A PyTorch archive: a zip file that holds a pickle and a file for each storage.
    case pytorch = "PyTorch archive"
    /// A PyTorch file of before version 1.6: pickles, then the storages.
    case pytorchLegacy = "PyTorch legacy file"
  }

  /// The path of the file, or of the index of several.
  public let sourceName: String
  /// The kind of file.
  public let format: Format
  /// The texts beside the tensors: the `__metadata__` of a safetensors file.
  public var metadata: [String: String] { contents.metadata }
  /// Which weights were taken, where a PyTorch file has averaged ones and others; otherwise nil.
  public var note: String? { contents.note }
  /// The names of all tensors, sorted, without the prefixes `module.` and `_orig_mod.`, and without `model.` where all weights
  /// of a PyTorch file have it.
  public let names: [String]
  /// The file, or all of those that an index names.
  let files: [MappedFile]
  let contents: CheckpointContents
  /// What the file says of matrices that are stored packed; nil where there are none.
  public let manifest: PackedManifest?

  /// Opens a checkpoint. Its content tells what kind it is, not its name.
  ///
  /// - Parameters:
  ///   - path: the file; the index of a checkpoint that is divided over files, such as `model.safetensors.index.json`; or a
  ///     folder with either, see ``file(inFolder:)``.
  ///   - preferringEMA: whether to take the averaged weights of a PyTorch file, such as `ema`, where it has others as well.
  /// - Throws: ``/ARPGFiles/FileError`` or ``CheckpointError``.
  public static func open(_ path: String, preferringEMA: Bool = false) throws -> Checkpoint {
    let file = try MappedFile(Self.file(at: path))
    let index = try file.withBytes { bytes in try ShardIndex(bytes, path: file.path) }
    func read(_ file: MappedFile) throws -> (Format, CheckpointContents) {
      try Self.read(file, preferringEMA: preferringEMA)
    }
    var files = [file], format: Format, contents: CheckpointContents
    if let index {
      (files, format, contents) = try index.open(read)
    } else {
      (format, contents) = try read(file)
    }
    try contents.takeModel(of: format, preferringEMA: preferringEMA, path: file.path)
    return Checkpoint(
      file.path, format, files, contents, try Self.packedManifest(of: contents, path: file.path))
  }

  init(
    _ path: String, _ format: Format, _ files: [MappedFile], _ contents: CheckpointContents,
    _ manifest: PackedManifest? = nil
  ) {
    sourceName = path
    self.manifest = manifest
    names = contents.tensors.keys.sorted()
    self.format = format
    self.files = files
    self.contents = contents
  }

  /// What a file holds, by the names that stand in it.
  private static func read(_ file: MappedFile, preferringEMA: Bool) throws -> (Format, CheckpointContents) {
    let path = file.path
    return try file.withBytes { bytes in
      let format = try Format(sniffing: bytes, path: path)
      let contents =
        switch format {
        case .safetensors: try SafetensorsHeader.contents(of: bytes, path: path)
        case .pytorch: try ZipCheckpoint(bytes, path: path).contents(preferringEMA: preferringEMA)
        case .pytorchLegacy: try LegacyCheckpoint(bytes, path: path).contents(preferringEMA: preferringEMA)
        }
      return (format, contents)
    }
  }

  /// The shape of a tensor; nil where there is none of that name.
  public func shape(of name: String) -> [Int]? { manifest?.shapes[name] ?? contents.tensors[name]?.shape }

  /// The type that a tensor is stored in; nil where there is none of that name.
  public func scalarType(of name: String) -> ScalarType? { contents.tensors[name]?.type }

  /// A tensor by its name: borrowed from the file where it stands there in single precision, otherwise converted; of a packed matrix
  /// what its weights stand for.
  ///
  /// - Throws: ``CheckpointError`` where there is none of that name, it is quantized, or a value is not finite.
  public func tensor(named name: String) throws -> Tensor {
    if let matrix = try packed(named: name) { return matrix.tensor.reshaped(manifest?.shapes[name] ?? []) }
    let stored = try stored(name)
    guard stored.type != .int8, stored.type != .uint8 else {
      throw CheckpointError.quantized(path: sourceName, tensor: name, type: stored.type.rawValue)
    }
    let tensor = stored.tensor(from: files[stored.file])
    guard tensor.isFinite else {
      throw CheckpointError.notFinite(
        path: sourceName, tensor: name, remedy: "the weights are damaged or their training diverged: take others")
    }
    return tensor
  }

  /// Gives back the memory of what has been read so far; tensors that are borrowed from the file stay valid.
  public func forget() { for file in files { file.forget() } }

  /// The values of a tensor of integers, in row-major order.
  ///
  /// - Throws: ``CheckpointError`` where there is none of that name, or it does not hold such integers.
  public func integers(named name: String) throws -> [Int] {
    let stored = try stored(name)
    guard let integers = stored.integers(from: files[stored.file]) else {
      throw CheckpointError.wrongType(
        path: sourceName, tensor: name, found: stored.type, expected: "integers below 2^63")
    }
    return integers
  }

  private func stored(_ name: String) throws(CheckpointError) -> StoredTensor {
    guard let tensor = contents.tensors[name] else { throw .noSuchTensor(path: sourceName, tensor: name) }
    return tensor
  }
}

extension Checkpoint.Format {
  init(sniffing bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    // The length of a header takes not all of the first 8 bytes, so that one of them is 0.
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[..<8].contains(0) {
      self = .safetensors
    } else if let other = FileSignature(bytes) {
      throw .unsupported(path: path, found: "it is \(other.found), expected a checkpoint", remedy: other.remedy)
    } else if bytes.starts(with: [0x50, 0x4b, 3, 4]) {
      self = .pytorch
    } else if bytes.count > 1, bytes[0] == 0x80, 2...5 ~= bytes[1] {
      self = .pytorchLegacy
    } else if path.lowercased().hasSuffix(".safetensors") {
      self = .safetensors
    } else {
      throw .unsupported(
        path: path, found: "it is neither a safetensors file nor a PyTorch checkpoint",
        remedy: "give a .safetensors file, or what torch.save wrote")
    }
  }
}

extension Tensor {
  /// Whether no value is infinite or not a number.
  var isFinite: Bool {
    withValues { values in
      guard let base = values.baseAddress else { return true }
      nonisolated(unsafe) let floats = base
      let kernels = arpg_best_kernels().pointee
      let finite = Atomic(true)
      Parallel.forRanges(values.count, grain: 1 << 18) { range in
        if kernels.all_finite(floats + range.lowerBound, range.count) == 0 { finite.store(false, ordering: .relaxed) }
      }
      return finite.load(ordering: .relaxed)
    }
  }
}
