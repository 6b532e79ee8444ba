import ARPG
import ARPGTraining
import CannyControl
import Foundation
import TestSupport
import Testing

@Suite("Training data")
struct DataTests {
  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  private func codes(_ path: String, _ values: [Int], shape: [Int]? = nil) throws {
    let file = place.file(path)
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try NPYFile(shape: shape ?? [1, 1, values.count], values: values).write(to: file)
  }

  @Test("Folders of classes by index, in codes or at the top")
  func folders() throws {
    for root in ["a/codes/", "b/"] {
      try codes("\(root)10/x.npy", [1, 2, 3, 4])
      try codes("\(root)2/y.npy", [5, 6, 7, 8, 9, 10, 11, 12], shape: [1, 2, 4])
    }
    for root in ["a", "b/"] {
      let data = try TrainingData(place.file(root), .twoPass)
      #expect(data.count == 2 && data.tokens == 4 && data.classes == 11)
      let first = try data.sample(0) { _ in 0 }, second = try data.sample(1) { $0 - 1 }
      #expect(first.label == 10 && first.codes == [1, 2, 3, 4] && first.augmentations == 1)
      #expect(second.label == 2 && second.codes == [9, 10, 11, 12] && second.augmentation == 1)
    }
  }

  @Test("Folders of classes by name, those of a description in its order")
  func names() throws {
    try codes("codes/mug/1.npy", [1])
    try codes("codes/ball/1.npy", [2])
    #expect(try TrainingData(place.path, .twoPass).classNames == ["ball", "mug"])
    var description = ModelDescription(name: "codes", imageSize: 16)
    description.classNames = ["mug", "tree", "ball"]
    try ModelWriter(description).write(to: place.path)
    let data = try TrainingData(place.path, .twoPass)
    #expect(data.classes == 3)
    #expect(try (0..<2).map { try data.sample($0) { _ in 0 }.label } == [2, 0])
    try codes("codes/mugs/1.npy", [1])
    let error = #expect(throws: TrainingError.self) { try TrainingData(place.path, .twoPass) }
    #expect(try #require(error).description.contains("'mug'?"))
  }

  @Test("The flat layout of LlamaGen and RandAR")
  func flat() throws {
    for (index, label) in [7, 3].enumerated() {
      try codes("imagenet256_codes/\(index).npy", [index, 1, 2, 3])
      try codes("imagenet256_labels/\(index).npy", [label], shape: [1])
    }
    let data = try TrainingData(place.path, .twoPass)
    #expect(data.count == 2 && data.classes == nil)
    #expect(try data.sample(1) { _ in 0 }.label == 3)
  }

  @Test("What cannot be used is named")
  func refusals() throws {
    #expect(throws: TrainingError.self) { try TrainingData(place.file("nothing"), .twoPass) }
    #expect(throws: TrainingError.self) { try TrainingData(place.path, .twoPass) }
    try codes("codes/0/a.npy", [1, 2, 3, 4])
    try codes("codes/0/b.npy", [1, 2, 3])
    let data = try TrainingData(place.path, .twoPass)
    let error = #expect(throws: TrainingError.self) { try data.sample(1) { _ in 0 } }
    #expect(try #require(error).description.contains("b.npy: 3 codes; expected 4"))
    #expect(throws: (any Error).self) {
      let sample = try data.sample(0) { _ in 0 }
      _ = try data.control(CannyControl(), of: 0, sample, in: PreprocessingContext(imageSize: nil))
    }
  }

  @Test("Every epoch sees each sample once, each in another order")
  func order() throws {
    let task = CountingTask()
    let settings = LoopSettings(groups: [], schedule: LearningRateSchedule(.constant, steps: 9), batch: 4)
    var loop = TrainingLoop(task, settings: settings, seed: 2)
    var state = try loop.start()
    // On one thread, so that the parts of a batch come in their order.
    try Parallel.limited(to: 1) { for _ in 0..<5 { _ = try loop.step(&state) } }
    let seen = task.seen.values
    #expect(seen.count == 20)
    #expect(seen[..<10].sorted() == Array(0..<10) && seen[10...].sorted() == Array(0..<10))
    #expect(Array(seen[..<10]) != Array(seen[10...]))
    #expect(state.position == DataPosition(epoch: 1, index: 10))
  }
}
