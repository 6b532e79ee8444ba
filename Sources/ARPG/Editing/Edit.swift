/// A change of an image: some of it is decoded anew, the rest is kept. An edit needs no training: it differs from other
/// generation only in that some codes are known (ARPG, arXiv 2503.10568, section 4.4).
public struct Edit: Sendable, Equatable, Codable {
  /// The image to change, of any size.
  public var image: Image
  /// The codes of the image in raster order, for an image of the model's size without margins; nil encodes it.
  public var codes: [Int]?
  /// Where it is decoded anew: white is, black and transparent are not; where it has no white, what is opaque is. Of another
  /// size, it is stretched over the image. Nil for none.
  public var mask: Image?
  /// Places that are decoded anew as well.
  public var boxes: [EditBox]
  /// How far the image is continued beyond its borders.
  public var margins: EditMargins
  /// A code is decoded anew where more than this share of its cell is to be, 0 to 1.
  public var threshold: Double
  /// By how many cells that grows in every direction, 0 or more.
  public var grow: Int
  /// Codes that are kept although their place is to be decoded anew; nil for none.
  public var keep: KeptShare?
  /// How what is new is joined to the image.
  public var paste: EditPaste

  /// An edit; see the properties. Without a mask, boxes and margins, the transparent part of the image is decoded anew, and
  /// all of it where there is none.
  public init(
    _ image: Image, codes: [Int]? = nil, mask: Image? = nil, boxes: [EditBox] = [], margins: EditMargins = .none,
    threshold: Double = 0.1,
    grow: Int = 0, keep: KeptShare? = nil, paste: EditPaste = .feather
  ) {
    self.image = image
    self.codes = codes
    self.mask = mask
    self.boxes = boxes
    self.margins = margins
    self.threshold = threshold
    self.grow = grow
    self.keep = keep
    self.paste = paste
  }

  private enum CodingKeys: String, CodingKey { case image, codes, mask, boxes, margins, threshold, grow, keep, paste }

  /// Reads an edit; only `image` must be there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(Image.self, forKey: .image),
      codes: try container.decodeIfPresent([Int].self, forKey: .codes),
      mask: try container.decodeIfPresent(Image.self, forKey: .mask),
      boxes: try container.decodeIfPresent([EditBox].self, forKey: .boxes) ?? [],
      margins: try container.decodeIfPresent(EditMargins.self, forKey: .margins) ?? .none,
      threshold: try container.decodeIfPresent(Double.self, forKey: .threshold) ?? 0.1,
      grow: try container.decodeIfPresent(Int.self, forKey: .grow) ?? 0,
      keep: try container.decodeIfPresent(KeptShare.self, forKey: .keep),
      paste: try container.decodeIfPresent(EditPaste.self, forKey: .paste) ?? .feather)
  }
}

/// How what is decoded anew is joined to the image.
public enum EditPaste: String, Sendable, CaseIterable, Codable {
  /// The image outside of the mask, with a soft seam around it, mixed in linear light.
  case feather
  /// The image outside of the mask, pixel by pixel.
  case hard
  /// All that the tokenizer decodes, also where codes are kept.
  case none
}

/// How many codes are kept of those whose place is to be decoded anew, and which.
public struct KeptShare: Sendable, Equatable, Codable {
  /// Which codes are kept.
  public enum Choice: String, Sendable, CaseIterable, Codable {
    /// Any, by the seed.
    case random
    /// Those that the decoder finds the most likely, given what the new image is conditioned on and half of the other codes.
    case certainty
    /// Those of the cells with the strongest edges.
    case edges
  }

  /// The share that is kept, 0 to 1.
  public var share: Double
  /// Which codes these are.
  public var choice: Choice

  /// A share; see the properties.
  public init(_ share: Double, by choice: Choice = .random) {
    self.share = share
    self.choice = choice
  }
}

/// How far an image is continued beyond its borders, in its own pixels, 0 or more.
public struct EditMargins: Sendable, Equatable, Codable {
  /// Beyond each border.
  public var left, top, right, bottom: Int

  /// Margins; see the properties.
  public init(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  /// No margin.
  public static let none = EditMargins()
}

/// An edit that cannot be done.
public enum EditError: Error, CustomStringConvertible, Equatable {
  /// A setting has a value out of its range.
  case outOfRange(setting: String, found: String, expected: String)
  /// The decoder or the model cannot do it.
  case impossible(reason: String, remedy: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .outOfRange(let setting, let found, let expected): "\(setting) is \(found); it takes \(expected)"
    case .impossible(let reason, let remedy): "\(reason); \(remedy)"
    }
  }
}
