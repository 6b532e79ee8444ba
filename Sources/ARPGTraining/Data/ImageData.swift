import ARPG
import ARPGImageFiles
import ARPGTensor
import Foundation

/// Images in a folder and the folders below it, read as they are needed; only the list of files is in memory.
///
/// Where the folder has one that is called `images`, as data of scenes have, only that is looked at.
package struct ImageData: Sendable {
  /// The folder.
  package let root: String
  /// The side that images are cropped and scaled to.
  package let size: Int
  private let paths: [String]

  /// Lists the images.
  ///
  /// - Throws: ``TrainingError/noData(path:expected:)`` where there are none.
  package init(_ root: String, size: Int) throws {
    let start = ImageList.start(of: root)
    self.root = start
    self.size = size
    paths = ImageFolder(start).images
    guard !paths.isEmpty else { throw TrainingError.noData(path: start, expected: "JPEG or PNG images") }
  }

  /// The number of images.
  package var count: Int { paths.count }

  /// Reads images, cropped to their centre: `[images, 3, size, size]` in -1 ... 1.
  ///
  /// - Parameters:
  ///   - indices: which.
  ///   - isMirrored: for each, whether left and right change places.
  /// - Throws: where a file cannot be read.
  package func images(_ indices: [Int], isMirrored: [Bool]) throws -> Tensor {
    let square = ImageSize(width: size, height: size)
    let tensors = try zip(indices, isMirrored).map { index, isMirrored in
      let image = try ImageFile.read("\(root)/\(paths[index])").centreCropped(to: square)
      return (isMirrored ? image.mirrored : image).tensor
    }
    return Tensor(shape: [indices.count, 3, size, size], values: tensors.flatMap(\.values))
  }

  /// What tells the images from others: a hash over their names and the sizes of their files.
  package func fingerprint() -> String {
    var fingerprint = Fingerprint()
    for path in paths {
      var status = stat()
      guard stat("\(root)/\(path)", &status) == 0 else { continue }
      fingerprint.add("\(path) \(status.st_size)")
    }
    return fingerprint.text
  }
}
