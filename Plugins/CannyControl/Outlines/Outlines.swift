import ARPG

/// The lines that a person would draw of a scene, each of a kind: what a shadow or a texture draws is not among them.
public struct Outlines: Sendable, Equatable {
  /// What a pixel's line is.
  public struct Kinds: OptionSet, Sendable {
    /// A bit for each kind.
    public let rawValue: UInt8

    /// The kinds of some bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Where an object ends and the background begins.
    public static let silhouette = Kinds(rawValue: 1)
    /// Where one part ends and another begins, or one is in front of itself.
    public static let part = Kinds(rawValue: 2)
    /// Where something is painted on a part.
    public static let marking = Kinds(rawValue: 4)
    /// Where a surface bends sharply.
    public static let crease = Kinds(rawValue: 8)
    /// The middle of a thin part: the single stroke that people draw for it.
    public static let stroke = Kinds(rawValue: 16)
    /// A line on the border of a thin part, which its middle may stand in for.
    public static let thinBorder = Kinds(rawValue: 32)
  }

  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The kinds of each pixel, rows from the top.
  public let kinds: [Kinds]

  /// Lines of the kinds given. Traps where their number does not match the size.
  public init(width: Int, height: Int, kinds: [Kinds]) {
    precondition(kinds.count == width * height, "\(kinds.count) values are not \(width) x \(height) pixels")
    (self.width, self.height, self.kinds) = (width, height, kinds)
  }

  /// Lines that were stored as ``image``.
  public init(image: Image) {
    self.init(
      width: image.width, height: image.height,
      kinds: stride(from: 0, to: image.pixels.count, by: 3).map { Kinds(rawValue: image.pixels[$0] >> 2) })
  }

  /// The lines as a grey image that tells their kinds: four times the sum of their bits.
  public var image: Image { Image(width: width, height: height, grey: kinds.map { $0.rawValue << 2 }) }

  /// The lines of some kinds, 1 on a line and 0 elsewhere.
  ///
  /// - Parameters:
  ///   - chosen: the kinds that are drawn.
  ///   - singleStrokes: whether a thin part is its middle alone, and not its border.
  public func drawn(_ chosen: Kinds, singleStrokes: Bool = false) -> Plane {
    Plane(
      width: width, height: height,
      values: kinds.map { kinds in
        let isBorder = !kinds.isDisjoint(with: chosen) && !(singleStrokes && kinds.contains(.thinBorder))
        return isBorder || singleStrokes && kinds.contains(.stroke) ? 1 : 0
      })
  }
}
