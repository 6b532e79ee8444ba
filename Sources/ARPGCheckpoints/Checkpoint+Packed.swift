import ARPGTensor
import Foundation

extension Checkpoint {
  /// What a file says of packed matrices; nil where it has none.
  ///
  /// - Throws: ``CheckpointError/malformed(path:found:expected:)`` where that is not what the file holds.
  static func packedManifest(of contents: CheckpointContents, path: String) throws -> PackedManifest? {
    guard let text = contents.metadata[PackedManifest.key] else { return nil }
    func broken(_ found: String) -> CheckpointError {
      .malformed(path: path, found: "the description of packed weights: \(found)", expected: "what arpg wrote")
    }
    let manifest: PackedManifest
    do { manifest = try JSONDecoder().decode(PackedManifest.self, from: Data(text.utf8)) } catch {
      throw broken((error as? DecodingError)?.summary ?? "\(error)")
    }
    let fault = manifest.fault { name in
      contents.tensors[name].flatMap { $0.type == .uint8 && $0.strides == nil ? $0.count : nil }
    }
    if let fault { throw broken(fault) }
    return manifest
  }

  /// A matrix that is stored packed, borrowed from the file; nil where there is none of that name.
  ///
  /// - Throws: ``CheckpointError/notFinite(path:tensor:remedy:)`` where a scale is not finite.
  public func packed(named name: String) throws -> PackedMatrix? {
    guard let manifest, let stored = contents.tensors[name], let shape = manifest.shapes[name],
      let sizes = PackedMatrix.sizes(of: shape)
    else { return nil }
    let file = files[stored.file]
    let matrix = file.withBytes { bytes in
      PackedMatrix(
        borrowing: UnsafeRawBufferPointer(rebasing: bytes[stored.start..<stored.start + stored.count]), from: file,
        outputs: sizes.outputs, inputs: sizes.inputs, as: manifest.precision)
    }
    return try checked(matrix, name)
  }

  /// Weights in some precision of less than 32 bits: as they are stored, or packed now. Those in half precision become packed halves
  /// without becoming 32-bit floats first.
  ///
  /// - Throws: ``CheckpointError`` where there are none of that name, or a value is not finite.
  public func packed(named name: String, as precision: WeightPrecision) throws -> PackedMatrix {
    if let matrix = try packed(named: name), matrix.precision == precision { return matrix }
    guard precision == .float16, let stored = contents.tensors[name], stored.type == .float16, stored.strides == nil,
      !stored.isNegated, let sizes = PackedMatrix.sizes(of: stored.shape)
    else { return PackedMatrix(try tensor(named: name), as: precision) }
    return try files[stored.file].withBytes { bytes in
      let halves = UnsafeRawBufferPointer(rebasing: bytes[stored.start..<stored.start + 2 * stored.count])
      return try checked(PackedMatrix(halves: halves, outputs: sizes.outputs, inputs: sizes.inputs), name)
    }
  }

  private func checked(_ matrix: PackedMatrix, _ name: String) throws -> PackedMatrix {
    guard matrix.isFinite else {
      throw CheckpointError.notFinite(
        path: sourceName, tensor: name, remedy: "the weights are damaged: copy or download them again")
    }
    return matrix
  }
}
