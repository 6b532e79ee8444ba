import ARPG
import ARPGImageFiles
import ARPGStarter
import ARPGTraining
import CannyControl
import DepthControl
import Foundation
import TestSupport
import Testing

@Suite("Preparing data")
struct DataPreparationTests {
  /// Images of two classes, one of them broken, with depth maps beside.
  private func images(in folder: TemporaryFolder) throws {
    for (label, count) in [("ball", 2), ("mug", 1)] {
      for kind in ["images", "depth"] {
        let path = folder.file("scenes/\(kind)/\(label)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for index in 0..<count {
          let pixels = (0..<160 * 150).flatMap { pixel -> [UInt8] in
            let x = pixel % 160, y = pixel / 160
            let isInside = (x - 60 - 20 * index) * (x - 60 - 20 * index) + (y - 75) * (y - 75) < 900
            return isInside ? [220, 60, 40] : [90, 120, UInt8(x)]
          }
          try ImageFile.write(Image(width: 160, height: 150, pixels: pixels), to: "\(path)/\(index).png")
        }
      }
    }
    _ = try folder.write(Data("no image".utf8), as: "scenes/images/mug/9.png")
  }

  @Test("Codes and controls are what training reads, a second run resumes, and broken images are left out")
  func layout() throws {
    let folder = try TemporaryFolder()
    try images(in: folder)
    let list = try ImageList(folder.file("scenes"))
    #expect(list.entries.map(\.name) == ["0", "1", "0", "9"] && list.labels == ["ball", "mug"])
    var preparation = try DataPreparation(
      model: .read(Starter.path(), .twoPass), adapters: [CannyControl(), DepthControl()], crops: .ten)
    let root = folder.file("data")
    _ = try preparation.writeDescription(labels: list.labels, to: root, .twoPass)
    var written = 0, skipped: [String] = []
    for entry in list.entries {
      switch try preparation.prepare(entry, of: list, to: root) {
      case .written: written += 1
      case .present: Issue.record("nothing was there")
      case .skipped(let reason): skipped.append(reason)
      }
    }
    #expect(written == 3 && skipped.count == 1)
    #expect(skipped.first?.contains("9.png") == true)
    guard case .present = try preparation.prepare(list.entries[0], of: list, to: root) else {
      Issue.record("an image was prepared twice")
      return
    }

    let data = try TrainingData(root, .twoPass)
    #expect(data.count == 3 && data.tokens == 256 && data.classNames.count == 16)
    let sample = try data.sample(0) { $0 - 1 }
    #expect(
      sample.augmentations == 10 && sample.augmentation == 9 && sample.label.map { data.classNames[$0] } == "ball")
    let context = PreprocessingContext(imageSize: ImageSize(width: 256, height: 256))
    for adapter in [CannyControl(), DepthControl()] as [any TrainableAdapter] {
      let control = try data.control(adapter, of: 0, sample, in: context)
      let image = try #require(control.image)
      #expect(image.width == 256 && image.height == 256 && image.isGrey)
      #expect(image.greyValues.max() == 255)
      // Edges come with outlines, since depth stands beside the images.
      #expect(control.trainingImages.keys.sorted() == (adapter is CannyControl ? ["outlines"] : []))
      #expect(control.trainingImages.values.allSatisfy { $0.width == 256 && $0.height == 256 })
    }
  }

  @Test("What changed since is prepared anew: settings, adapters, images")
  func again() throws {
    let folder = try TemporaryFolder()
    try images(in: folder)
    let list = try ImageList(folder.file("scenes")), root = folder.file("data")
    func prepare(
      _ adapters: [any TrainableAdapter], crops: ImageCrops = .centre
    ) throws -> (changes: [String], written: Int) {
      var preparation = try DataPreparation(
        model: .read(Starter.path(), .twoPass), adapters: adapters, crops: crops)
      let changes = try preparation.writeDescription(labels: list.labels, to: root, .twoPass)
      let outcomes = try list.entries.prefix(3).map { try preparation.prepare($0, of: list, to: root) }
      return (changes, outcomes.count { if case .written = $0 { true } else { false } })
    }
    #expect(try prepare([]) == ([], 3))
    #expect(try prepare([]) == ([], 0))
    #expect(try prepare([CannyControl()]) == ([], 3))
    #expect(try prepare([CannyControl()]) == ([], 0))
    #expect(try prepare([CannyControl()], crops: .ten) == (["the crops"], 3))
    #expect(try prepare([CannyControl()], crops: .ten) == ([], 0))
    let image = try ImageFile.read(list.entries[0].path)
    try ImageFile.write(image, to: list.entries[0].path)
    #expect(try prepare([CannyControl()], crops: .ten) == ([], 1))
    // Codes of another tokenizer.
    let record = URL(fileURLWithPath: root + "/prepared.json")
    let text = try String(contentsOf: record, encoding: .utf8)
    try Data(text.replacing(/"tokenizer" : "./, with: "\"tokenizer\" : \"x").utf8).write(to: record)
    #expect(try prepare([CannyControl()], crops: .ten) == (["the tokenizer"], 3))
  }

  @Test("A map of another shape than its image is refused")
  func otherShape() throws {
    let folder = try TemporaryFolder()
    try images(in: folder)
    try ImageFile.write(
      Image(width: 160, height: 160, grey: Array(repeating: 9, count: 160 * 160)),
      to: folder.file("scenes/depth/ball/0.png"))
    let list = try ImageList(folder.file("scenes"))
    let preparation = try DataPreparation(model: .read(Starter.path(), .twoPass), adapters: [CannyControl()])
    guard case .skipped(let reason) = try preparation.prepare(list.entries[0], of: list, to: folder.file("data")) else {
      Issue.record("a map was stretched")
      return
    }
    #expect(reason.contains("160 x 160") && reason.contains("160 x 150"))
  }

  @Test("Images beside the folders of classes have none, in data and training alike")
  func unlabelled() throws {
    let folder = try TemporaryFolder()
    try images(in: folder)
    try FileManager.default.moveItem(
      atPath: folder.file("scenes/images/ball/1.png"), toPath: folder.file("scenes/images/free.png"))
    let list = try ImageList(folder.file("scenes"))
    #expect(list.entries.map(\.label) == ["ball", nil, "mug", "mug"] && list.labels == ["ball", "mug"])
    var preparation = try DataPreparation(model: .read(Starter.path(), .twoPass), adapters: [CannyControl()])
    let root = folder.file("data")
    _ = try preparation.writeDescription(labels: list.labels, to: root, .twoPass)
    for entry in list.entries.prefix(3) { _ = try preparation.prepare(entry, of: list, to: root) }
    let data = try TrainingData(root, .twoPass)
    let samples = try (0..<3).map { try data.sample($0) { _ in 0 } }
    #expect(samples.map { $0.label.map { data.classNames[$0] } } == [nil, "ball", "mug"])
    let context = PreprocessingContext(imageSize: nil)
    #expect(try data.control(CannyControl(), of: 0, samples[0], in: context).image != nil)
  }

  @Test("A control that an image does not tell must be given")
  func missingControl() throws {
    let folder = try TemporaryFolder()
    try images(in: folder)
    let list = try ImageList(folder.file("scenes/images"))
    let preparation = try DataPreparation(model: .read(Starter.path(), .twoPass), adapters: [DepthControl()])
    guard case .skipped(let reason) = try preparation.prepare(list.entries[0], of: list, to: folder.file("data")) else {
      Issue.record("a depth map was made up")
      return
    }
    #expect(reason.contains("depth"))
  }

  @Test("Ten crops are corners and centre, and their mirror images")
  func tenCrops() {
    let pixels = (0..<110 * 110).flatMap { pixel -> [UInt8] in [UInt8(pixel % 110), UInt8(pixel / 110), 0] }
    let crops = ImageCrops.ten.images(of: Image(width: 110, height: 110, pixels: pixels), size: 100)
    #expect(crops.count == 10 && crops.allSatisfy { $0.width == 100 && $0.height == 100 })
    #expect(crops.prefix(5).map { Array($0.pixels.prefix(2)) } == [[0, 0], [10, 0], [0, 10], [10, 10], [5, 5]])
    #expect(
      crops.suffix(5).map { Array($0.pixels.prefix(2)) } == [[99, 0], [109, 0], [99, 10], [109, 10], [104, 5]])
  }

  @Test("The folders with images are the classes, and the empty ones of scenes")
  func emptyClasses() throws {
    let folder = try TemporaryFolder()
    try images(in: folder)
    try FileManager.default.createDirectory(
      atPath: folder.file("scenes/images/car"), withIntermediateDirectories: true)
    #expect(try ImageList(folder.file("scenes")).labels == ["ball", "mug"])
    // Scenes are rendered a few at a time: their classes are there first.
    _ = try folder.write(Data("{}".utf8), as: "scenes/scenes.json")
    #expect(try ImageList(folder.file("scenes")).labels == ["ball", "car", "mug"])
    // A folder that holds nothing but classes may hold other folders; those without images are none.
    #expect(try ImageList(folder.file("scenes/images")).labels == ["ball", "mug"])
  }

  @Test("A list of files names paths and classes")
  func lists() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data("a b.png\tcat\n/tmp/c.jpg dog\nd.png -\n".utf8), as: "list.txt")
    let list = try ImageList(path)
    #expect(list.entries.map(\.label) == ["cat", "dog", nil] && list.labels == ["cat", "dog"])
    #expect(list.entries.map(\.path) == [folder.file("a b.png"), "/tmp/c.jpg", folder.file("d.png")])
    let broken = try folder.write(Data("only-a-path.png\n".utf8), as: "broken.txt")
    #expect(throws: TrainingError.self) { try ImageList(broken) }
  }
}
