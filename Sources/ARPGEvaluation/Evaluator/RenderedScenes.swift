import ARPG
import ARPGScenes
import ARPGTensor
import Synchronization

/// Scenes that are rendered when they are first asked for, and kept.
final class RenderedScenes: Sendable {
  /// A scene as an evaluator learns from it.
  struct Sample: Sendable {
    let image: Image
    /// Of a quarter of the image's side.
    let depth: Plane
    /// Nil for a scene without a class.
    let classIndex: Int?
  }

  let count: Int
  private let dataset: SceneDataset
  private let drawn = Mutex<[Int: Sample]>([:])

  /// The first scenes of a data set.
  init(_ dataset: SceneDataset, count: Int) {
    self.dataset = dataset
    self.count = count
  }

  /// The scenes of some numbers.
  func samples(_ numbers: [Int]) -> [Sample] {
    let missing = drawn.withLock { drawn in Set(numbers).filter { drawn[$0] == nil }.sorted() }
    Parallel.forEach(missing.count) { index in
      let sample = draw(missing[index])
      drawn.withLock { $0[missing[index]] = sample }
    }
    return drawn.withLock { drawn in numbers.compactMap { drawn[$0] } }
  }

  private func draw(_ number: Int) -> Sample {
    let scene = dataset.scene(number), side = dataset.size / 4
    return Sample(
      image: scene.image, depth: scene.depth.resized(to: ImageSize(width: side, height: side), filter: .area),
      classIndex: scene.classIndex)
  }
}
