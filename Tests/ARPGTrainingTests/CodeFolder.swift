import ARPG
import ARPGDecoder
import ARPGImageFiles
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport

/// A folder of random codes for a test.
struct CodeFolder {
  let folder: TemporaryFolder
  var path: String { folder.path }

  /// Classes of some images each, of 16 codes below `vocab`.
  init(classes: Int = 2, images: Int = 4, augmentations: Int = 1, vocab: Int = 32, adapter: String? = nil) throws {
    folder = try TemporaryFolder()
    var random = PhiloxStream(Philox(seed: 1), name: .zero)
    for label in 0..<classes {
      let codes = "\(folder.path)/codes/\(label)"
      try FileManager.default.createDirectory(atPath: codes, withIntermediateDirectories: true)
      for image in 0..<images {
        let values = (0..<augmentations * 16).map { _ in Int.random(in: 0..<vocab, using: &random) }
        try NPYFile(shape: [1, augmentations, 16], values: values).write(to: "\(codes)/\(image).npy")
        guard let adapter else { continue }
        let controls = "\(folder.path)/controls/\(adapter)/\(label)"
        try FileManager.default.createDirectory(atPath: controls, withIntermediateDirectories: true)
        for augmentation in 0..<augmentations {
          let grey = (0..<256).map { _ in UInt8.random(in: 0...255, using: &random) }
          let name = augmentations == 1 ? "\(image).png" : "\(image).\(augmentation).png"
          try ImageFile.write(Image(width: 16, height: 16, grey: grey), to: "\(controls)/\(name)")
        }
      }
    }
  }

  func data() throws -> TrainingData { try TrainingData(path, .twoPass) }

  /// A small decoder for these codes.
  static func decoder(dim: Int = 32, vocab: Int = 32, classes: Int = 2) -> DecoderPart {
    DecoderPart(
      TwoPassDecoder.self,
      TwoPassConfiguration(dim: dim, layers: 4, heads: 2, hidden: 2 * dim, vocab: vocab, classes: classes, tokens: 16))
  }

  static let description = ModelDescription(name: "small", imageSize: 16)
}
