/// Codes that are given and kept: the same positions in every image.
public struct KnownCodes: Sendable, Equatable, Codable {
  /// Raster positions, each once.
  public var positions: [Int]
  /// For each image, the code at each of the positions.
  public var codes: [[Int]]

  /// Codes at positions; see the properties.
  public init(positions: [Int], codes: [[Int]]) {
    self.positions = positions
    self.codes = codes
  }

  /// Checks the codes against a decoder.
  ///
  /// - Parameter images: how many images there are.
  func validate(images: Int, layout: DecoderLayout) throws(SamplingError) {
    try SamplingError.require(
      positions.allSatisfy { 0..<layout.tokens ~= $0 } && Set(positions).count == positions.count, "known positions",
      positions, "each in 0..<\(layout.tokens), once")
    if layout.order == .raster {
      try SamplingError.require(
        positions.allSatisfy { $0 < positions.count }, "known positions", positions,
        "0..<\(positions.count), since this decoder decodes from the first position to the last")
    }
    try SamplingError.require(codes.count == images, "rows of known codes", codes.count, "\(images), one an image")
    for row in codes {
      try SamplingError.require(
        row.count == positions.count, "known codes of an image", row.count, "\(positions.count)")
      try SamplingError.require(
        row.allSatisfy { 0..<layout.vocab ~= $0 }, "known codes", row, "each in 0..<\(layout.vocab)")
    }
  }

  /// The codes of some of the images.
  func selecting(_ images: [Int]) -> KnownCodes {
    KnownCodes(positions: positions, codes: images.map { codes[$0] })
  }
}
