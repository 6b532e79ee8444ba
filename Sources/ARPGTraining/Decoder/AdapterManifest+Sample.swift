import ARPG
import ARPGImageFiles

extension AdapterManifest {
  /// The most bytes of a sample, and the most pixels of its width.
  private static let mostSampleBytes = 64 << 10, mostSampleWidth = 768

  /// Keeps an image as the sample, made so small that its file takes little room beside the weights.
  ///
  /// - Throws: where it cannot be encoded.
  package mutating func setSample(_ image: Image) throws {
    var width = min(image.width, Self.mostSampleWidth)
    while width > 0 {
      let size = ImageSize(width: width, height: max(1, image.height * width / image.width))
      let bytes = try ImageFile.encode(
        image.resized(to: size, filter: .area), as: .jpeg, quality: 85, named: "the sample")
      if bytes.count <= Self.mostSampleBytes {
        sample = bytes
        return
      }
      width /= 2
    }
  }
}
