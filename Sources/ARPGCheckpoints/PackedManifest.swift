import ARPGTensor

/// What a file says of matrices that are stored packed, as JSON in the metadata of a safetensors file. The bytes of each stand there as a
/// tensor of bytes with its name.
public struct PackedManifest: Sendable, Equatable, Codable {
  /// The key in the metadata.
  public static let key = "arpg_packed"

  /// How the weights are kept.
  public var precision: WeightPrecision
  /// The shape of the weights of each, `[outputs, inputs]` or `[outputs, inputs, height, width]`, by its name.
  public var shapes: [String: [Int]]
  /// A hash over the weights that were packed; nil where it is not known.
  public var fingerprint: String?

  /// What a file says; see the properties.
  public init(precision: WeightPrecision, shapes: [String: [Int]], fingerprint: String? = nil) {
    self.precision = precision
    self.shapes = shapes
    self.fingerprint = fingerprint
  }

  /// Checks shapes against the bytes that there are.
  ///
  /// - Parameter stored: the number of bytes of a tensor of bytes; nil where there is none of that name.
  /// - Returns: what is wrong; nil where nothing is.
  func fault(_ stored: (_ name: String) -> Int?) -> String? {
    guard precision != .float32 else { return "its precision is f32, expected bf16, f16, int8 or int4" }
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      guard let sizes = PackedMatrix.sizes(of: shape) else {
        return
          "\(name) has the shape \(shape), expected outputs, then inputs, at most \(PackedMatrix.mostInputs) of them"
      }
      let expected = PackedMatrix.byteCount(outputs: sizes.outputs, inputs: sizes.inputs, as: precision)
      guard let found = stored(name) else { return "there are no bytes of \(name)" }
      guard found == expected else {
        return "\(name) has \(found) bytes, expected \(expected) for \(shape) in \(precision.rawValue)"
      }
    }
    return nil
  }
}
