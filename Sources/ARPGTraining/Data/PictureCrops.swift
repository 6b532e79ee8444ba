import ARPG

/// Which parts of a picture become training images.
public enum PictureCrops: String, Sendable, Codable, CaseIterable {
  /// The centre (ADM's centre crop).
  case centre
  /// The centre, and its mirror image.
  case flip
  /// Corners and centre of a square that is a tenth larger, and their mirror images: ten (LlamaGen, arXiv 2406.06525,
  /// section 3.2, and its published code).
  case ten

  /// The images of a picture.
  ///
  /// - Parameter size: the side of each.
  public func images(of picture: Image, size: Int) -> [Image] {
    let square = ImageSize(width: size, height: size)
    switch self {
    case .centre: return [picture.centreCropped(to: square)]
    case .flip:
      let image = picture.centreCropped(to: square)
      return [image, image.mirrored]
    case .ten:
      let side = size * 11 / 10, rest = side - size
      let larger = picture.centreCropped(to: ImageSize(width: side, height: side))
      let crops = [(0, 0), (rest, 0), (0, rest), (rest, rest), (rest / 2, rest / 2)].map { left, top in
        larger.cropped(left: left, top: top, to: square)
      }
      return crops + crops.map(\.mirrored)
    }
  }
}

extension Image {
  /// A part of the picture; without its deep grey plane.
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
