/// What to sample.
public struct SamplingRequest: Sendable {
  /// The number of each image of the batch, at least one. Random numbers belong to an image's number, so that images made
  /// apart are those made together.
  public var images: [Int]
  /// What the images are conditioned on.
  public var controls: [ActiveControl]
  /// How codes are drawn.
  public var settings: SamplingSettings
  /// Where random numbers come from.
  public var random: any RandomSource
  /// Codes that are given and kept, for inpainting and its like.
  public var known: KnownCodes?

  /// The size of the batch.
  public var count: Int { images.count }

  /// A request for images, numbered from 0 unless told otherwise; see the properties.
  public init(
    images: [Int] = [0], controls: [ActiveControl] = [], settings: SamplingSettings = .init(),
    random: any RandomSource = SeededRandomSource(seed: 0)
  ) {
    self.images = images
    self.controls = controls
    self.settings = settings
    self.random = random
  }

  /// Checks the request against a decoder.
  ///
  /// - Throws: ``SamplingError``.
  func validate(for decoder: Decoder) throws(SamplingError) {
    try settings.validate()
    let tokens = decoder.configuration.tokens, dim = decoder.configuration.dim
    func require(_ condition: Bool, _ what: String, _ found: Any, _ expected: String) throws(SamplingError) {
      if !condition { throw .mismatch(what, found: "\(found)", expected: expected) }
    }
    try require(count >= 1, "number of images", count, "1 or more")
    for control in controls {
      try require(control.strength.isFinite, "strength of a control", control.strength, "a finite number")
      if let region = control.region {
        try require(region.count == tokens, "values of a region", region.count, "\(tokens), one a token")
      }
      if let prefix = control.condition.prefix {
        let shape = prefix.embeddings.shape
        let fits = shape.count == 3 && [1, count].contains(shape[0]) && shape[2] == dim && shape[1] > 0
        try require(fits, "shape of a prefix", shape, "[1 or \(count), length, \(dim)]")
        try require(
          prefix.null.shape == [1, shape[1], dim], "shape of a null prefix", prefix.null.shape, "\([1, shape[1], dim])")
      }
      for (layer, condition) in control.condition.tokens {
        try require(
          0..<decoder.injectableLayers ~= layer, "layer of condition tokens", layer,
          "0 to \(decoder.injectableLayers - 1)")
        let shape = condition.shape
        let fits = shape.count == 3 && [1, count].contains(shape[0]) && shape[1] == tokens && shape[2] == dim
        try require(fits, "shape of condition tokens", shape, "[1 or \(count), \(tokens), \(dim)]")
      }
    }
    try known?.validate(images: count, configuration: decoder.configuration)
  }
}

/// Codes that are given: the same positions in every image.
public struct KnownCodes: Sendable {
  /// Raster positions, each once.
  public var positions: [Int]
  /// For each image, the code at each of the positions.
  public var codes: [[Int]]

  /// Codes at positions; see the properties.
  public init(positions: [Int], codes: [[Int]]) {
    self.positions = positions
    self.codes = codes
  }

  fileprivate func validate(images: Int, configuration: DecoderConfiguration) throws(SamplingError) {
    func require(_ condition: Bool, _ what: String, _ found: Any, _ expected: String) throws(SamplingError) {
      if !condition { throw .mismatch(what, found: "\(found)", expected: expected) }
    }
    let distinct = Set(positions)
    let inside = positions.allSatisfy { 0..<configuration.tokens ~= $0 }
    try require(
      inside && distinct.count == positions.count, "known positions", positions,
      "each in 0..<\(configuration.tokens), once")
    try require(codes.count == images, "rows of known codes", codes.count, "\(images), one an image")
    for row in codes {
      try require(row.count == positions.count, "known codes of an image", row.count, "\(positions.count)")
      let valid = row.allSatisfy { 0..<configuration.vocab ~= $0 }
      try require(valid, "known codes", row, "each in 0..<\(configuration.vocab)")
    }
  }
}
