import ARPGTensor
import Foundation

extension ModelFolder {
  /// Writes a copy of the model whose decoder and tokenizer are packed, so that they are mapped as they are used. It makes the same images as
  /// the model does when it is loaded in that precision.
  ///
  /// - Parameters:
  ///   - path: the folder to write, made where there is none.
  ///   - precision: of the decoder's matrices, less than 32 bits.
  ///   - name: the copy's name; nil for the model's.
  ///   - observe: is told of each file before it is written; what it throws ends the work.
  /// - Returns: the copy.
  /// - Throws: where the model has no decoder, or a file cannot be read or written.
  public func writePacked(
    to path: String, as precision: WeightPrecision, name: String? = nil, observe: (String) throws -> Void = { _ in }
  ) throws -> ModelFolder {
    guard let decoder = description.decoder else { throw ModelPartError(folder: self.path, part: "decoder") }
    var writer = ModelWriter(description)
    if let name { writer.description.name = name }
    writer.description.precision = nil
    let checkpoint = try Checkpoint.open(self.path(of: decoder.file))
    try decoder.check(checkpoint)
    var packed = [
      decoder.file: try Self.packing(checkpoint, decoder.parameterTable, as: precision, try decoderFingerprint())
    ]
    if let tokenizer = description.tokenizer {
      let checkpoint = try Checkpoint.open(self.path(of: tokenizer.file))
      try tokenizer.check(checkpoint)
      packed[tokenizer.file] = try Self.packing(
        checkpoint, tokenizer.parameterTable, as: precision.ofTokenizer, try tokenizerFingerprint())
    }
    for (file, tensors) in packed.sorted(by: { $0.key < $1.key }) {
      writer.add(file) { try tensors.write(to: $0) }
    }
    for file in description.files.sorted() where packed[file] == nil {
      writer.add(file, copyOf: self.path(of: file))
    }
    return try writer.write(to: path, progress: observe)
  }

  /// The tensors of a part, those packed that can be.
  private static func packing(
    _ checkpoint: Checkpoint, _ table: [ParameterSpecification], as precision: WeightPrecision, _ fingerprint: String?
  ) throws -> SafetensorsWriter {
    let packed = table.filter(\.isPackable)
    let manifest = PackedManifest(
      precision: precision, shapes: Dictionary(uniqueKeysWithValues: packed.map { ($0.name, $0.shape) }),
      fingerprint: fingerprint)
    let text = String(decoding: try JSONEncoder().encode(manifest), as: UTF8.self)
    var tensors = SafetensorsWriter(metadata: [PackedManifest.key: text])
    for entry in table {
      if entry.isPackable {
        tensors.add(entry.name, packedShape: entry.shape, as: precision) {
          try checkpoint.packed(named: entry.name, as: precision)
        }
      } else {
        let type = checkpoint.scalarType(of: entry.name) ?? .float32
        tensors.add(entry.name, shape: entry.shape, as: SafetensorsWriter.keepingHalves(type, entry.shape)) {
          try checkpoint.tensor(named: entry.name)
        }
      }
    }
    return tensors
  }
}
