/// How an image of another shape is brought into a size.
public enum ImageFit: String, Sendable, CaseIterable, Codable {
  /// Scaled so that it just covers the size; what sticks out is cut off, as much on both sides.
  case crop
  /// Scaled so that it just fits into the size; what is left free, as much on both sides, is padding.
  case pad
  /// Scaled in both directions by themselves.
  case stretch
}

/// An image, and how it lies on a canvas: every input of a request is fitted by one rule, so that they lie on each other.
public struct FittedImage: Sendable {
  /// The image as it was given, of any size.
  public let source: Image
  /// The size of the canvas in pixels.
  public let size: ImageSize
  /// How the source is brought there.
  public let fit: ImageFit

  /// An image on a canvas.
  ///
  /// - Parameters:
  ///   - source: of any size.
  ///   - size: of the canvas; nil for the source's own.
  ///   - fit: how it is brought there.
  public init(_ source: Image, to size: ImageSize? = nil, fit: ImageFit = .crop) {
    self.source = source
    self.size = size ?? ImageSize(width: source.width, height: source.height)
    self.fit = fit
  }

  /// The columns and rows of the canvas that show the source; the others are padding.
  public var content: (columns: Range<Int>, rows: Range<Int>) {
    let inner = innerSize
    let left = (size.width - inner.width) / 2, top = (size.height - inner.height) / 2
    return (left..<left + inner.width, top..<top + inner.height)
  }

  /// Whether some of the canvas does not show the source.
  public var hasPadding: Bool { innerSize != size }

  /// The share of the source that is cut off, 0 to 1.
  public var croppedShare: Double {
    guard fit == .crop else { return 0 }
    let (across, down) = (Double(size.width) / Double(source.width), Double(size.height) / Double(source.height))
    return 1 - min(across, down) / max(across, down)
  }

  /// The columns and rows of the source that the canvas shows; the others are cut off.
  public var visible: (columns: Range<Int>, rows: Range<Int>) {
    guard fit == .crop else { return (0..<source.width, 0..<source.height) }
    let scale = max(Double(size.width) / Double(source.width), Double(size.height) / Double(source.height))
    func range(_ length: Int, _ side: Int) -> Range<Int> {
      let shown = min(length, max(1, Int((Double(side) / scale).rounded())))
      return (length - shown) / 2..<(length - shown) / 2 + shown
    }
    return (range(source.width, size.width), range(source.height, size.height))
  }

  /// The canvas: the source scaled as for training (see ``Image/centreCropped(to:)``), its outermost pixels continued over
  /// padding. Without its deep grey and alpha planes, which ``place(_:filter:outside:)`` brings there.
  public var image: Image {
    guard !isSourceSize else { return source }
    switch fit {
    case .crop: return source.centreCropped(to: size)
    case .stretch: return source.stretched(to: size)
    case .pad: return source.stretched(to: innerSize).continued(to: size, columns: content.columns, rows: content.rows)
    }
  }

  /// Whether the canvas has the size of the source, which then lies on it as it is.
  public var isSourceSize: Bool { size == ImageSize(width: source.width, height: source.height) }

  /// Brings a plane of the source's size onto the canvas.
  ///
  /// - Parameters:
  ///   - plane: one value for each pixel of the source.
  ///   - filter: how it is scaled; nil averages by area when shrinking and is bicubic when enlarging.
  ///   - outside: the value of padding.
  public func place(_ plane: Plane, filter: ResamplingFilter? = nil, outside: Float) -> Plane {
    precondition(
      plane.width == source.width && plane.height == source.height,
      "a plane of \(plane.width) x \(plane.height) does not lie on \(source.width) x \(source.height)")
    guard !isSourceSize else { return plane }
    if fit == .crop { return plane.centreCropped(to: size, filter: filter) }
    let inner = innerSize
    let isLarger = inner.width > plane.width || inner.height > plane.height
    let scaled = plane.resized(to: inner, filter: filter ?? (isLarger ? .bicubic : .area))
    guard hasPadding else { return scaled }
    let (columns, rows) = content
    var values = [Float](repeating: outside, count: size.width * size.height)
    for (index, row) in rows.enumerated() {
      let start = row * size.width + columns.lowerBound
      values.replaceSubrange(
        start..<start + inner.width, with: scaled.values[index * inner.width..<(index + 1) * inner.width])
    }
    return Plane(width: size.width, height: size.height, values: values)
  }

  /// A part of the canvas, with the deep grey and alpha planes where the source has them; padding is transparent there.
  public func cropped(columns: Range<Int>, rows: Range<Int>) -> Image {
    let part = image.cropped(columns: columns, rows: rows)
    func values(_ plane: Plane) -> [Float] { place(plane, outside: 0).cropped(columns: columns, rows: rows).values }
    let grey = source.deepGrey.map { _ in
      values(source.greyPlane).map { UInt16(($0.clamped(to: 0...1) * 65535).rounded()) }
    }
    let alpha = source.alphaPlane.map { values($0).map { UInt8(($0.clamped(to: 0...1) * 255).rounded()) } }
    return Image(width: part.width, height: part.height, pixels: part.pixels, deepGrey: grey, alpha: alpha)
  }

  /// The size that the source has on the canvas, without what is cut off.
  private var innerSize: ImageSize {
    guard fit == .pad else { return size }
    let scale = min(Double(size.width) / Double(source.width), Double(size.height) / Double(source.height))
    func side(_ length: Int, _ limit: Int) -> Int {
      max(1, min(limit, Int((Double(length) * scale).rounded(.toNearestOrEven))))
    }
    return ImageSize(width: side(source.width, size.width), height: side(source.height, size.height))
  }
}

extension Image {
  /// The image in another size and shape: halved with a box filter while both sides are at least twice as long, then scaled with
  /// a bicubic filter.
  fileprivate func stretched(to size: ImageSize) -> Image {
    var image = self
    while image.width >= 2 * size.width, image.height >= 2 * size.height {
      image = image.resized(to: ImageSize(width: image.width / 2, height: image.height / 2), filter: .box)
    }
    return image.resized(to: size, filter: .bicubic)
  }
}
