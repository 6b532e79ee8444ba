import ARPG

/// Which parts of an image become training images.
public enum ImageCrops: String, Sendable, Codable, CaseIterable {
  /// The centre (ADM's centre crop).
  case centre
  /// The centre, and its mirror image.
  case flip
  /// Corners and centre of a square that is a tenth larger, and their mirror images: ten (LlamaGen, arXiv 2406.06525,
  /// section 3.2, and its published code).
  case ten

  /// The images of an image.
  ///
  /// - Parameters:
  ///   - image: of any size.
  ///   - size: the side of each.
  public func images(of image: Image, size: Int) -> [Image] {
    let square = ImageSize(width: size, height: size)
    switch self {
    case .centre: return [image.centreCropped(to: square)]
    case .flip:
      let image = image.centreCropped(to: square)
      return [image, image.mirrored]
    case .ten:
      let side = Self.largerSide(size)
      let larger = image.centreCropped(to: ImageSize(width: side, height: side))
      let crops = Self.corners(size).map { larger.cropped(left: $0.left, top: $0.top, to: square) }
      return crops + crops.map(\.mirrored)
    }
  }

  /// The same parts of a map of the image.
  ///
  /// - Parameter filter: how it is scaled; nil averages when shrinking and is bicubic when enlarging.
  func planes(of map: Plane, size: Int, filter: ResamplingFilter?) -> [Plane] {
    let square = ImageSize(width: size, height: size)
    switch self {
    case .centre: return [map.centreCropped(to: square, filter: filter)]
    case .flip:
      let plane = map.centreCropped(to: square, filter: filter)
      return [plane, plane.mirrored]
    case .ten:
      let side = Self.largerSide(size)
      let larger = map.centreCropped(to: ImageSize(width: side, height: side), filter: filter)
      let crops = Self.corners(size).map { larger.cropped(left: $0.left, top: $0.top, to: square) }
      return crops + crops.map(\.mirrored)
    }
  }

  /// The same parts of an image whose colours stand for things, so that none are mixed.
  func labelledImages(of map: Image, size: Int) -> [Image] {
    let channels = (0..<3).map { planes(of: map.plane(ofChannel: $0), size: size, filter: .nearest) }
    let alphas = map.alphaPlane.map { planes(of: $0, size: size, filter: .nearest) }
    return channels[0].indices.map { part in
      Image(red: channels[0][part], green: channels[1][part], blue: channels[2][part], alpha: alphas?[part])
    }
  }

  private static func largerSide(_ size: Int) -> Int { size * 11 / 10 }

  /// Where the crops begin within the larger square: its corners, then its centre.
  private static func corners(_ size: Int) -> [(left: Int, top: Int)] {
    let rest = largerSide(size) - size
    return [(0, 0), (rest, 0), (0, rest), (rest, rest), (rest / 2, rest / 2)]
  }
}

extension Plane {
  /// The plane with left and right changed.
  var mirrored: Plane {
    Plane(
      width: width, height: height,
      values: (0..<height).flatMap { values[$0 * width..<($0 + 1) * width].reversed() })
  }

  /// A part of the plane.
  func cropped(left: Int, top: Int, to size: ImageSize) -> Plane {
    Plane(
      width: size.width, height: size.height,
      values: (top..<top + size.height).flatMap { values[$0 * width + left..<$0 * width + left + size.width] })
  }
}

extension Image {
  /// A part of the image; without its deep grey plane.
  func cropped(left: Int, top: Int, to size: ImageSize) -> Image {
    var part: [UInt8] = []
    part.reserveCapacity(size.width * size.height * 3)
    for row in top..<top + size.height {
      let start = (row * width + left) * 3
      part.append(contentsOf: pixels[start..<start + size.width * 3])
    }
    return Image(width: size.width, height: size.height, pixels: part)
  }
}
