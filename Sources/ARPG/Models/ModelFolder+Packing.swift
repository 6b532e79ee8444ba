import ARPGTensor
import Foundation

extension ModelFolder {
  /// Writes a copy of the model whose decoder's matrices are packed, so that they are mapped as they are used. It makes the same images as
  /// the model does whose matrices are packed when it is loaded.
  ///
  /// - Parameters:
  ///   - path: the folder to write, made where there is none.
  ///   - precision: of the matrices, less than 32 bits.
  ///   - name: the copy's name; nil for the model's.
  ///   - observe: is told of each file before it is written; what it throws ends the work.
  /// - Returns: the copy.
  /// - Throws: where the model has no decoder, or a file cannot be read or written.
  public func writePacked(
    to path: String, as precision: WeightPrecision, name: String? = nil, observe: (String) throws -> Void = { _ in }
  ) throws -> ModelFolder {
    guard let part = description.decoder else { throw ModelPartError(folder: self.path, part: "decoder") }
    var writer = ModelWriter(description)
    if let name { writer.description.name = name }
    let checkpoint = try Checkpoint.open(self.path(of: part.file))
    try part.check(checkpoint)
    let matrices = part.parameterTable.filter { $0.isMatrix && $0.shape[1] <= PackedMatrix.mostInputs }
    let manifest = PackedManifest(
      precision: precision, shapes: Dictionary(uniqueKeysWithValues: matrices.map { ($0.name, $0.shape) }),
      fingerprint: try decoderFingerprint())
    let text = String(decoding: try JSONEncoder().encode(manifest), as: UTF8.self)
    writer.add(part.file) { file in
      var tensors = SafetensorsWriter(metadata: [PackedManifest.key: text])
      for entry in part.parameterTable {
        if manifest.shapes[entry.name] == nil {
          let type = checkpoint.scalarType(of: entry.name) ?? .float32
          tensors.add(entry.name, shape: entry.shape, as: SafetensorsWriter.keepingHalves(type, entry.shape)) {
            try checkpoint.tensor(named: entry.name)
          }
        } else {
          tensors.add(entry.name, packedShape: entry.shape, as: precision) {
            PackedMatrix(try checkpoint.tensor(named: entry.name), as: precision)
          }
        }
      }
      try tensors.write(to: file)
    }
    for file in description.files.sorted() where file != part.file { writer.add(file, copyOf: self.path(of: file)) }
    return try writer.write(to: path, progress: observe)
  }
}
