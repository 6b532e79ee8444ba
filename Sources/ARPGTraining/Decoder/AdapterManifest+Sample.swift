import ARPG
import ARPGImageFiles
import Foundation

extension AdapterManifest {
  /// The most bytes of a sample, and the most pixels of its width.
  private static let mostSampleBytes = 64 << 10, mostSampleWidth = 768

  /// An image as a sample, made so small that its file takes little room beside the weights.
  ///
  /// - Throws: where it cannot be encoded.
  package static func sample(of image: Image) throws -> Data? {
    var width = min(image.width, mostSampleWidth)
    while width > 0 {
      let size = ImageSize(width: width, height: max(1, image.height * width / image.width))
      let bytes = try ImageFile.encode(
        image.resized(to: size, filter: .area), as: .jpeg, quality: 85, named: "the sample")
      if bytes.count <= mostSampleBytes { return bytes }
      width /= 2
    }
    return nil
  }
}
