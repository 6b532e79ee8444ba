import ARPG
import ARPGImageFiles
import ARPGTensor
import Foundation
import Synchronization

/// Images in a folder and the folders below it, read as they are needed; only the list of files is in memory.
///
/// Where the folder has one that is called `images`, as data of scenes have, only that is looked at.
package struct ImageData: NamedSamples {
  /// The folder.
  package let root: String
  /// The side that images are cropped and scaled to.
  package let size: Int
  private var paths: [String]
  private let faults = Faults()

  private final class Faults: Sendable {
    let reasons = Mutex<[String: String]>([:])
  }

  /// Lists the images. Those whose format is not read, or whose first bytes are not those of an image, are left out.
  ///
  /// - Throws: ``TrainingError/noData(path:expected:)`` where there are none.
  package init(_ root: String, size: Int) throws {
    let start = ImageList.start(of: root)
    self.root = start
    self.size = size
    let folder = ImageFolder(start)
    let faults = faults
    paths = folder.images.filter { path in
      do { _ = try ImageFile.info(of: "\(start)/\(path)") } catch {
        faults.reasons.withLock { $0[path] = "\(error)" }
        return false
      }
      return true
    }
    for path in folder.unread {
      faults.reasons.withLock { $0[path] = "\(start)/\(path): not a format that is read" }
    }
    guard !paths.isEmpty else { throw TrainingError.noData(path: start, expected: "JPEG, PNG, WebP or TIFF images") }
  }

  /// The number of images.
  package var count: Int { paths.count }

  /// The images of some names alone; what is left out of them is still told by all.
  package func filtered(_ isIncluded: (String) -> Bool) -> ImageData {
    var data = self
    data.paths = paths.filter(isIncluded)
    return data
  }

  /// What was left out so far, a line each.
  package var leftOut: [String] { faults.reasons.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } }

  /// An image, or the next one that can be read.
  private func image(_ index: Int) throws -> Image {
    var failure: (any Error)?
    for offset in paths.indices {
      let path = paths[(index + offset) % paths.count]
      if faults.reasons.withLock({ $0[path] }) != nil { continue }
      do { return try ImageFile.read("\(root)/\(path)") } catch {
        faults.reasons.withLock { $0[path] = "\(error)" }
        failure = error
      }
    }
    throw failure ?? TrainingError.noData(path: root, expected: "images that can be read")
  }

  /// Reads images, cropped to their centre: `[images, 3, size, size]` in -1 ... 1.
  ///
  /// - Parameters:
  ///   - indices: which.
  ///   - isMirrored: for each, whether left and right change places.
  /// In place of a file that cannot be read the next one is taken, and it is listed in ``leftOut``.
  ///
  /// - Throws: where no file can be read.
  package func images(_ indices: [Int], isMirrored: [Bool]) throws -> Tensor {
    let square = ImageSize(width: size, height: size)
    let tensors = try zip(indices, isMirrored).map { index, isMirrored in
      let image = try image(index).centreCropped(to: square)
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
