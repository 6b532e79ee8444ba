import Foundation

/// An image as JSON and the like: its sides and, in base64, its pixels. For sending between programs of one kind; files are
/// for the codecs.
extension Image: Codable {
  private enum CodingKeys: String, CodingKey {
    case width, height, pixels, alpha
    case deepGrey = "deep_grey"
  }

  /// Reads an image.
  ///
  /// - Throws: `DecodingError` where the pixels do not fill the sides.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let width = try container.decode(Int.self, forKey: .width), height = try container.decode(Int.self, forKey: .height)
    let pixels = try container.decode(Data.self, forKey: .pixels)
    let deep = try container.decodeIfPresent(Data.self, forKey: .deepGrey)
    let alpha = try container.decodeIfPresent(Data.self, forKey: .alpha)
    let sides = 1...1 << 20
    guard sides ~= width, sides ~= height, pixels.count == width * height * 3,
      deep.map({ $0.count == width * height * 2 }) ?? true, alpha.map({ $0.count == width * height }) ?? true
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .pixels, in: container, debugDescription: "the pixels do not fill an image of \(width) x \(height)")
    }
    let grey = deep.map { bytes in
      stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    }
    self.init(width: width, height: height, pixels: Array(pixels), deepGrey: grey, alpha: alpha.map(Array.init))
  }

  /// Writes the image.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(Data(pixels), forKey: .pixels)
    try container.encodeIfPresent(alpha.map { Data($0) }, forKey: .alpha)
    if let deepGrey {
      let bytes = deepGrey.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
      try container.encode(Data(bytes), forKey: .deepGrey)
    }
  }
}
