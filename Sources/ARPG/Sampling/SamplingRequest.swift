import ARPGTensor

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
  /// Positions that come first in the random order, where the grid is not that of training; nil for none.
  public var coarse: CoarseGrid?

  /// Each takes memory like a sample of its own.
  private static let maxGuidedApart = 16

  /// The size of the batch.
  public var count: Int { images.count }

  /// A request for images, numbered from 0 unless told otherwise; see the properties.
  public init(
    images: [Int] = [0], controls: [ActiveControl] = [], settings: SamplingSettings = .init(),
    random: any RandomSource = SeededRandomSource(seed: 0), known: KnownCodes? = nil
  ) {
    self.images = images
    self.controls = controls
    self.settings = settings
    self.random = random
    self.known = known
  }

  /// The order of each image, of all positions: where it is by confidence, that of known codes.
  ///
  /// - Throws: ``SamplingError`` where the decoder cannot decode in the order, or no control tells it.
  func orders(for decoder: any ImageDecoder) throws(SamplingError) -> [[Int]] {
    let layout = decoder.layout
    let order = settings.order ?? (layout.order == .raster ? .raster : .random)
    try order.validate(for: decoder)
    let drawn = coarse?.beginning(random.order(tokens: layout.tokens)) ?? random.order(tokens: layout.tokens)
    var orders: [[Int]] = []
    for image in images.indices where order == .edges {
      guard let detail = controls.detail(ofImage: image, tokens: layout.tokens) else {
        throw .mismatch(
          "order by edges", found: "no control that tells where it says most",
          expected: "one that acts and is an image, such as a sketch; give one, or another order")
      }
      orders.append(order.positions(rows: layout.rows, columns: layout.columns, random: drawn, detail: detail))
    }
    guard orders.isEmpty else { return orders }
    let shared = order.positions(rows: layout.rows, columns: layout.columns, random: drawn)
    return images.map { _ in shared }
  }

  /// Checks the request against a decoder.
  func validate(for decoder: any ImageDecoder) throws(SamplingError) {
    let layout = decoder.layout
    try settings.validate()
    try SamplingError.require(count >= 1, "number of images", count, "1 or more")
    for control in controls { try control.validate(images: count, layout: layout) }
    let apart = controls.filter(\.isGuidedApart).count
    try SamplingError.require(
      apart <= Self.maxGuidedApart, "controls with a guidance of their own", apart, "\(Self.maxGuidedApart) at most")
    try known?.validate(images: count, layout: layout)
    let prefixes = controls.filter(\.isOn).compactMap(\.condition.prefix)
    let padded = prefixes.filter { $0.padding != nil }.count
    try SamplingError.require(padded <= 1, "controls whose prefix is padded", padded, "1 at most")
  }

  /// The length of what stands in front of the codes, of a request that is validated.
  func prefixLength(for decoder: any ImageDecoder) -> Int {
    let prefixes = controls.filter(\.isOn).compactMap(\.condition.prefix)
    let none = prefixes.contains(where: \.replacesNull) ? 0 : decoder.nullPrefix.shape[1]
    return prefixes.reduce(none) { $0 + $1.embeddings.shape[1] }
  }

  /// What stands in front of the codes, of a request that is validated.
  func prefix(for decoder: any ImageDecoder) -> RequestPrefix {
    RequestPrefix(
      controls.filter(\.isOn).compactMap(\.condition.prefix), none: decoder.nullPrefix, images: count)
  }
}

extension ActiveControl {
  fileprivate func validate(images: Int, layout: DecoderLayout) throws(SamplingError) {
    try SamplingError.require(strength.isFinite, "strength of a control", strength, "a finite number")
    if let guidance {
      try SamplingError.require(
        SamplingSettings.scales ~= guidance, "guidance of a control", guidance, SamplingSettings.guidanceRange)
    }
    if let region {
      try SamplingError.require(
        region.count == layout.tokens, "values of a region", region.count, "\(layout.tokens), one a token")
    }
    if let detail {
      try SamplingError.require(
        [1, images].contains(detail.count) && detail.allSatisfy { $0.count == layout.tokens }, "detail of a control",
        detail.map(\.count), "1 or \(images) times \(layout.tokens) values, one a token")
    }
    try condition.prefix?.validate(images: images, dim: layout.dim)
    for (layer, tokens) in condition.tokens {
      try SamplingError.require(
        0..<layout.injectableLayers ~= layer, "layer of condition tokens", layer,
        layout.injectableLayers > 0 ? "0 to \(layout.injectableLayers - 1)" : "none, since this decoder takes none")
      let shape = tokens.shape
      let fits =
        shape.count == 3 && [1, images].contains(shape[0]) && shape.dropFirst() == [layout.tokens, layout.dim]
      try SamplingError.require(
        fits, "shape of condition tokens", shape, "[1 or \(images), \(layout.tokens), \(layout.dim)]")
    }
  }
}

extension Condition.Prefix {
  fileprivate func validate(images: Int, dim: Int) throws(SamplingError) {
    let shape = embeddings.shape
    let fits = shape.count == 3 && [1, images].contains(shape[0]) && shape[2] == dim && shape[1] > 0
    try SamplingError.require(fits, "shape of a prefix", shape, "[1 or \(images), length, \(dim)]")
    try SamplingError.require(
      null.shape == [1, shape[1], dim], "shape of a null prefix", null.shape, "\([1, shape[1], dim])")
    guard let padding else { return }
    try SamplingError.require(
      padding.count == shape[0] && padding.allSatisfy { 0..<shape[1] ~= $0 }, "padding of a prefix", padding,
      "\(shape[0]) numbers under its length, \(shape[1])")
  }
}

extension SamplingError {
  static func require(
    _ condition: Bool, _ what: String, _ found: Any, _ expected: String
  ) throws(SamplingError) {
    if !condition { throw .mismatch(what, found: "\(found)", expected: expected) }
  }
}
