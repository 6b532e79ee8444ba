import ARPG
import ARPGImageFiles
import ARPGScenes
import ARPGStarter
import ARPGTraining
import CannyControl
import DepthControl
import Foundation
import TestSupport

/// Rendered scenes, prepared with the tokenizer of the bundled model: some with a class, some without.
final class PreparedScenes {
  private let folder: TemporaryFolder
  /// The data: codes and the controls of `canny` and `depth`.
  let data: TrainingData

  init(count: Int) throws {
    folder = try TemporaryFolder()
    let scenes = SceneDataset(seed: 8, kinds: try SceneMixture([.classes: 1, .shapes: 1]))
    for number in 0..<count {
      let scene = scenes.scene(number), name = "\(scene.sceneClass?.rawValue ?? ".")/\(number).png"
      for (kind, image) in [("images", scene.image), ("depth", scene.depthImage)] {
        let path = URL(fileURLWithPath: folder.file("scenes/\(kind)/\(name)"))
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try ImageFile.write(image, to: path.path)
      }
    }
    let list = try ImageList(folder.file("scenes")), root = folder.file("data")
    var preparation = try DataPreparation(
      model: .read(Starter.path(), .twoPass), adapters: [CannyControl(), DepthControl()])
    _ = try preparation.writeDescription(labels: list.labels, to: root, .twoPass)
    for entry in list.entries { _ = try preparation.prepare(entry, of: list, to: root) }
    data = try TrainingData(root, .twoPass)
  }

  /// Stores the controls of one adapter for another as well.
  func copyControls(of adapter: String, to other: String) throws -> TrainingData {
    try FileManager.default.copyItem(
      atPath: "\(data.root)/controls/\(adapter)", toPath: "\(data.root)/controls/\(other)")
    return try TrainingData(data.root, .twoPass)
  }
}
