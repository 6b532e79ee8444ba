import ARPG
import Foundation

/// Data to train a small decoder on: codes of 16, in two classes of five images.
enum CodeFiles {
  /// Writes the folder `data`.
  static func write(to place: Workplace) throws {
    for label in 0..<2 {
      try FileManager.default.createDirectory(
        atPath: place.path("data/codes/\(label)"), withIntermediateDirectories: true)
      for image in 0..<5 {
        let values = (0..<16).map { ($0 * (image + 3) + label) % 16 }
        try NPYFile(shape: [1, 1, 16], values: values).write(to: place.path("data/codes/\(label)/\(image).npy"))
      }
    }
  }
}
