import ARPG
import ARPGScenes
import ARPGTensor
import Synchronization
import Testing

@Suite("Scenes")
struct SceneDatasetTests {
  private static let classes = SceneClass.allCases

  private func same(_ a: RenderedScene, _ b: RenderedScene) -> Bool {
    a.image == b.image && a.depth == b.depth && a.coverage == b.coverage && a.parts == b.parts
      && a.sceneClass == b.sceneClass
  }

  @Test("The classes and their order")
  func classOrder() {
    #expect(
      Self.classes.map(\.rawValue) == [
        "mug", "bottle", "vase", "bowl", "chair", "table", "lamp", "house", "tree", "mushroom", "car", "boat",
        "rocket", "snowman", "donut", "ball",
      ])
    #expect(Self.classes.map(\.index) == Array(0..<16))
    let scenes = SceneDataset(seed: 1, size: 8)
    #expect((0..<32).allSatisfy { scenes.scene($0).classIndex == $0 % 16 })
  }

  @Test(
    "A scene depends on seed and number alone, not on order, others or threads",
    arguments: [SceneMixture(.classes), SceneMixture(.shapes)])
  func independence(kinds: SceneMixture) throws {
    let scenes = SceneDataset(seed: 5, size: 24, kinds: kinds)
    let forwards = (0..<32).map { scenes.scene($0) }
    for number in (0..<32).reversed() { #expect(same(scenes.scene(number), forwards[number]), "\(number)") }
    let together = Mutex<[Int: RenderedScene]>([:])
    Parallel.forEach(32) { number in
      let scene = SceneDataset(seed: 5, size: 24, kinds: kinds).scene(number)
      together.withLock { $0[number] = scene }
    }
    for number in 0..<32 {
      let scene = try #require(together.withLock { $0[number] })
      #expect(same(scene, forwards[number]), "\(number)")
    }
  }

  @Test("The version stands for these images")
  func version() {
    func hash(_ kinds: SceneMixture, _ cameras: SceneCameras) -> UInt64 {
      let scenes = SceneDataset(seed: 2024, size: 16, kinds: kinds, cameras: cameras)
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for number in 0..<96 {
        let scene = scenes.scene(number)
        for byte in scene.image.pixels + scene.parts { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      }
      return hash
    }
    let hashes = [
      hash(SceneMixture(.classes), .usual), hash(SceneMixture(.classes), .wide), hash(SceneMixture(.shapes), .usual),
    ]
    #expect(
      SceneDataset.version == 2
        && hashes == [14_013_472_808_178_093_553, 3_639_589_575_899_350_289, 1_487_042_624_748_804_980],
      "\(hashes): images changed, so change the version")
  }

  @Test("Other seeds and other numbers are other scenes, also beyond 32 bits")
  func variety() {
    let images = [
      SceneDataset(seed: 0, size: 16).scene(0), SceneDataset(seed: 1, size: 16).scene(0),
      SceneDataset(seed: 1 << 32, size: 16).scene(0), SceneDataset(seed: 0, size: 16).scene(16),
      SceneDataset(seed: 0, size: 16).scene(1 << 32),
    ].map(\.image.pixels)
    #expect(Set(images).count == images.count)
  }

  @Test("Every class shows an object of a fair size, nearer than most of the wall", arguments: SceneClass.allCases)
  func visibility(sceneClass: SceneClass) {
    let scenes = SceneDataset(seed: 11, size: 48)
    for draw in 0..<20 {
      let scene = scenes.scene(draw * 16 + sceneClass.index)
      let shares = scene.coverage.values
      #expect(shares.allSatisfy { (0...1).contains($0) })
      let share = shares.reduce(0, +) / Float(shares.count)
      #expect((0.03...0.7).contains(share), "\(sceneClass) \(draw) covers \(share)")
      let object = zip(scene.depth.values, shares).filter { $1 == 1 }.map(\.0)
      let wall = zip(scene.depth.values, shares).prefix(4 * 48).filter { $1 == 0 }.map(\.0)
      let nearness = object.reduce(0, +) / Float(max(1, object.count))
      let farness = wall.reduce(0, +) / Float(max(1, wall.count))
      #expect(!object.isEmpty && nearness > farness + 0.1, "\(sceneClass) \(draw): \(nearness) and \(farness)")
    }
  }

  @Test("Depth reaches from 0 to 1, and keeps 16 bits in its image")
  func depth() throws {
    let scenes = SceneDataset(seed: 3, size: 32)
    for number in 0..<16 {
      let scene = scenes.scene(number)
      #expect(scene.depth.values.min() == 0 && scene.depth.values.max() == 1)
      let deep = try #require(scene.depthImage.deepGrey)
      #expect(deep.min() == 0 && deep.max() == 65535)
      #expect(deep.count { $0 % 257 != 0 } > 512)
      #expect(zip(deep, scene.depth.values).allSatisfy { abs(Float($0) / 65535 - $1) < 1e-5 })
    }
  }

  @Test("The floor comes nearer from row to row")
  func floor() {
    let scene = SceneDataset(seed: 3, size: 32).scene(15)
    let columns = [0, 31].filter { column in (0..<32).allSatisfy { scene.coverage.values[$0 * 32 + column] == 0 } }
    #expect(!columns.isEmpty)
    for column in columns {
      let depths = (16..<32).map { scene.depth.values[$0 * 32 + column] }
      #expect(zip(depths, depths.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test("Images are bright, neither flat nor blown out, and vary")
  func statistics() {
    let scenes = SceneDataset(seed: 21, size: 32)
    var means: [Float] = []
    for number in 0..<160 {
      let values = scenes.scene(number).image.pixels.map { Float($0) / 255 }
      let mean = values.reduce(0, +) / Float(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
      #expect((0.35...0.9).contains(mean), "scene \(number) has the mean \(mean)")
      #expect((0.002...0.12).contains(variance), "scene \(number) has the variance \(variance)")
      means.append(mean)
    }
    let mean = means.reduce(0, +) / Float(means.count)
    #expect((0.55...0.75).contains(mean), "\(mean)")
  }

  @Test("A larger image shows the same scene")
  func sizes() {
    let small = SceneDataset(seed: 9, size: 16).scene(7)
    let large = SceneDataset(seed: 9, size: 64).scene(7)
    let shrunk = large.coverage.resized(to: ImageSize(width: 16, height: 16), filter: .area)
    let difference = zip(small.coverage.values, shrunk.values).reduce(0) { $0 + abs($1.0 - $1.1) }
    #expect(difference / 256 < 0.03)
  }
}
