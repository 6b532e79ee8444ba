import ARPG
import ARPGScenes
import ARPGTensor
import Testing

@Suite("Scenes of any shapes")
struct ShapeSceneTests {
  @Test(
    "Every kind of shape shows an object of some size whose parts are told apart", arguments: SceneDataset.shapeNames)
  func kinds(name: String) throws {
    let scenes = SceneDataset(seed: 17, size: 64)
    var images: Set<[UInt8]> = []
    for number in 0..<6 {
      let scene = try #require(scenes.scene(number, ofShape: name))
      #expect(scene.sceneClass == nil && scene.classIndex == nil)
      let share = scene.coverage.values.reduce(0, +) / Float(64 * 64)
      #expect((0.004...0.95).contains(share), "\(name) \(number) covers \(share)")
      // The middle of a pixel is on a part where the whole pixel is, and on none where none of it is, but for what is
      // thinner than a pixel.
      let others = zip(scene.parts, scene.coverage.values).count { ($0 != 0 && $1 == 0) || ($0 == 0 && $1 == 1) }
      #expect(others <= 24, "\(name) \(number): \(others)")
      #expect(scene.parts.allSatisfy { $0 <= 60 || 65...124 ~= $0 || 128...247 ~= $0 })
      #expect(scene.depth.values.min() == 0 && scene.depth.values.max() == 1)
      images.insert(scene.image.pixels)
    }
    #expect(images.count == 6)
  }

  @Test("There are dozens of kinds, each with a name of its own")
  func names() {
    let names = SceneDataset.shapeNames
    #expect(names.count >= 40 && Set(names).count == names.count)
    #expect(SceneDataset(seed: 0, size: 8).scene(0, ofShape: "nothing") == nil)
  }

  @Test("Some scenes have several objects, and markings of other colours")
  func variety() {
    let scenes = SceneDataset(seed: 2, size: 32, kinds: SceneMixture(.shapes))
    let parts = (0..<120).map { Set(scenes.scene($0).parts) }
    #expect(parts.count { $0.contains { $0 >= 128 } } > 20)
    #expect(parts.count { $0.count > 8 } > 10 && parts.contains { $0.count == 2 })
    let means = (0..<120).map { number in
      let pixels = scenes.scene(number).image.pixels
      return pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count) / 255
    }
    #expect(means.allSatisfy { 0.2...0.95 ~= $0 })
  }

  @Test("Kinds are mixed as asked, and a scene is the same whatever else is mixed in")
  func mixture() throws {
    let mixed = SceneDataset(seed: 8, size: 16, kinds: try SceneMixture([.classes: 7, .shapes: 13]))
    let classes = SceneDataset(seed: 8, size: 16),
      shapes = SceneDataset(seed: 8, size: 16, kinds: SceneMixture(.shapes))
    var labelled = 0
    for number in 0..<2000 {
      let kind = mixed.kind(of: number)
      labelled += kind == .classes ? 1 : 0
      #expect(mixed.sceneClass(of: number) == (kind == .classes ? SceneClass.allCases[number % 16] : nil))
      guard number < 32 else { continue }
      #expect(mixed.scene(number).image == (kind == .classes ? classes : shapes).scene(number).image)
    }
    #expect((620...780).contains(labelled))
    for weights: [SceneKind: Double] in [[:], [.classes: 0], [.shapes: -1, .classes: 2], [.shapes: .nan]] {
      #expect(throws: SceneMixtureError.self) { try SceneMixture(weights) }
    }
  }

  @Test("Wide cameras see half of the scenes of classes otherwise")
  func cameras() {
    let usual = SceneDataset(seed: 4, size: 16), wide = SceneDataset(seed: 4, size: 16, cameras: .wide)
    let same = (0..<200).count { usual.scene($0).depth == wide.scene($0).depth }
    // The draws after the camera's differ in all scenes; the view itself stays where neither quarter was drawn.
    #expect(same < 200)
    // How far apart the sizes of balls are, which look the same from all sides.
    func spread(_ scenes: SceneDataset) -> Float {
      let shares = (0..<100).map { scenes.scene($0 * 16 + SceneClass.ball.index).coverage.values.reduce(0, +) / 256 }
      let mean = shares.reduce(0, +) / 100
      return shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    #expect(spread(wide) > 1.2 * spread(usual))
  }

  @Test("The distance to an outline is that to its nearest edge, negative inside")
  func outlines() {
    var random = PhiloxStream(Philox(seed: 3), name: .zero)
    for count in 3...12 {
      for _ in 0..<20 {
        let points = (0..<count).map { _ in SIMD2(random.uniform(-1, 1), random.uniform(-1, 1)) }
        let outline = Outline(through: points, closed: true, edgesFrom: 0)
        let edges = OutlineEdge.edges(through: points, closed: true)
        let x = SIMD4((0..<4).map { _ in random.uniform(-1.5, 1.5) }),
          y = SIMD4((0..<4).map { _ in random.uniform(-1.5, 1.5) })
        let found = edges.withUnsafeBufferPointer { outline.signedDistance(x: x, y: y, edges: $0) }
        for lane in 0..<4 {
          let expected = distance(of: SIMD2(Double(x[lane]), Double(y[lane])), to: points)
          #expect(abs(Double(found[lane]) - expected) < 1e-5)
        }
      }
    }
  }

  /// By definition: the nearest point of each edge, and the parity of the edges that a ray to the right crosses.
  private func distance(of point: SIMD2<Double>, to points: [SIMD2<Float>]) -> Double {
    var nearest = Double.infinity, isInside = false
    for (index, end) in points.enumerated() {
      let a = SIMD2(Double(end.x), Double(end.y))
      let other = points[(index + 1) % points.count], b = SIMD2(Double(other.x), Double(other.y))
      let step = b - a, offset = point - a
      let share = max(0, min((offset * step).sum() / (step * step).sum(), 1))
      let beside = offset - step * share
      nearest = min(nearest, (beside * beside).sum().squareRoot())
      if (a.y > point.y) != (b.y > point.y), point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) {
        isInside.toggle()
      }
    }
    return isInside ? -nearest : nearest
  }
}
