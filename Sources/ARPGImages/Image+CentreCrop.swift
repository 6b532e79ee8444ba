extension Image {
  /// The centre of the image in the size given, as ADM and LlamaGen prepare ImageNet (arXiv 2105.05233, appendix H):
  /// halved with a box filter while both sides are at least twice as long, scaled with a bicubic filter so that it just
  /// covers the size, then cropped. The deep grey plane is dropped.
  public func centreCropped(to size: ImageSize) -> Image {
    precondition(size.width > 0 && size.height > 0, "an image of \(size.width) x \(size.height) has no pixels")
    var image = self
    while image.width >= 2 * size.width, image.height >= 2 * size.height {
      image = image.resized(to: ImageSize(width: image.width / 2, height: image.height / 2), filter: .box)
    }
    let covering = image.size(covering: size)
    let left = (covering.width - size.width) / 2
    let top = (covering.height - size.height) / 2
    return image.resized(
      to: covering, columns: left..<left + size.width, rows: top..<top + size.height, filter: .bicubic)
  }

  /// The size of the image scaled so that it just covers another.
  private func size(covering size: ImageSize) -> ImageSize {
    let scale = max(Double(size.width) / Double(width), Double(size.height) / Double(height))
    return ImageSize(
      width: max(size.width, Int((Double(width) * scale).rounded(.toNearestOrEven))),
      height: max(size.height, Int((Double(height) * scale).rounded(.toNearestOrEven))))
  }
}
