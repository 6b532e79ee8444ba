import Foundation

/// A tensor as JSON and the like: its shape and, in base64, its values as little-endian 32-bit floats. Values alone: what
/// gradients remember is not written.
extension Tensor: Codable {
  private enum CodingKeys: String, CodingKey { case shape, values }

  /// Reads a tensor.
  ///
  /// - Throws: `DecodingError` where the values do not fill the shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let shape = try container.decode([Int].self, forKey: .shape)
    let bytes = [UInt8](try container.decode(Data.self, forKey: .values))
    let count = shape.reduce(Optional(1)) { product, side in
      guard let product, side >= 0 else { return nil }
      let (result, overflow) = product.multipliedReportingOverflow(by: side)
      return overflow ? nil : result
    }
    guard let count, bytes.count % 4 == 0, bytes.count / 4 == count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "\(bytes.count) bytes do not fill the shape \(shape)")
    }
    self.init(
      shape: shape,
      values: (0..<count).map { index in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[4 * index + $1]) << (8 * UInt32($1)) })
      })
  }

  /// Writes the tensor.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    try container.encode(Data(bytes), forKey: .values)
  }
}
