import ARPG
import ARPGScenes
import CannyControl
import Testing

@Suite("Outlines of scenes")
struct OutlineTests {
  private static let side = 48

  private func plane(_ value: (_ x: Int, _ y: Int) -> Float) -> Plane {
    Plane(
      width: Self.side, height: Self.side,
      values: (0..<Self.side * Self.side).map { value($0 % Self.side, $0 / Self.side) })
  }

  private func places(_ outlines: Outlines, _ kind: Outlines.Kinds) -> Set<Int> {
    Set(outlines.kinds.indices.filter { outlines.kinds[$0].contains(kind) })
  }

  @Test("Parts give a silhouette, borders between them and markings, each a pixel wide, and no line on a slope")
  func parts() {
    // A square of two halves on a slanted floor, with a mark of 6 x 6 on the right one.
    let parts = plane { x, y in
      guard 8..<40 ~= x, 8..<40 ~= y else { return 0 }
      return (28..<34 ~= x && 20..<26 ~= y ? 128 : x < 24 ? 1 : 2) / 255
    }
    let depth = plane { x, y in 8..<40 ~= x && 8..<40 ~= y ? 0.8 : Float(y) / 100 }
    let outlines = OutlineDetector().outlines(depth: depth, parts: parts)
    // The pixel of the lower right corner has a border on two sides.
    #expect(places(outlines, .silhouette).count == 4 * 32 - 1)
    let seam = places(outlines, .part)
    #expect(seam == Set((8..<40).map { $0 * Self.side + 23 }))
    #expect(places(outlines, .marking).count == 4 * 6 - 1)
    #expect(places(outlines, .crease).isEmpty && places(outlines, .stroke).isEmpty)
    #expect(Outlines(image: outlines.image) == outlines)
  }

  @Test("Without parts, jumps of depth are silhouettes; a floor that comes nearer is none")
  func depthAlone() {
    let depth = plane { x, y in 12..<36 ~= x && 12..<36 ~= y ? 0.9 : Float(y) / 96 }
    let found = places(OutlineDetector().outlines(depth: depth), .silhouette)
    #expect(found.count == 4 * 24 - 1)
    #expect(OutlineDetector().outlines(depth: plane { _, y in Float(y) / 47 }).kinds.allSatisfy { $0.isEmpty })
    #expect(OutlineDetector().outlines(depth: plane { _, _ in 0.5 }).kinds.allSatisfy { $0.isEmpty })
  }

  @Test("A box seen over its edge has a crease there and a ball none")
  func creases() throws {
    let scenes = SceneDataset(seed: 12, size: 128)
    func creases(_ number: Int) -> Int {
      let scene = scenes.scene(number)
      let outlines = OutlineDetector().outlines(depth: scene.depthImage.greyPlane, parts: scene.partsImage.greyPlane)
      return places(outlines, .crease).count
    }
    let houses = (0..<6).map { creases(SceneClass.house.index + 16 * $0) }
    let balls = (0..<6).map { creases(SceneClass.ball.index + 16 * $0) }
    #expect(houses.allSatisfy { $0 > 20 } && balls.allSatisfy { $0 == 0 }, "\(houses) \(balls)")
  }

  @Test("A thin part is a single stroke in the middle, where that is asked for")
  func thinParts() {
    // A rod of 3 x 30 pixels beside a block.
    let parts = plane { x, y in (30..<33 ~= x && 8..<38 ~= y ? 2 : 6..<24 ~= x && 8..<38 ~= y ? 1 : 0) / 255 }
    let depth = plane { x, y in 0.5 }
    var detector = OutlineDetector()
    detector.thinnest = 4.0 / 48
    let outlines = detector.outlines(depth: depth, parts: parts)
    let strokes = places(outlines, .stroke)
    #expect(!strokes.isEmpty && strokes.allSatisfy { $0 % Self.side == 31 } && strokes.count >= 26)
    let single = outlines.drawn(.silhouette, singleStrokes: true), double = outlines.drawn(.silhouette)
    func ink(_ plane: Plane, _ columns: Range<Int>) -> Float {
      plane.values.enumerated().reduce(0) { $0 + (columns.contains($1.offset % Self.side) ? $1.element : 0) }
    }
    #expect(ink(single, 28..<36) < 0.6 * ink(double, 28..<36))
    #expect(ink(single, 0..<26) == ink(double, 0..<26))
  }

  @Test("Maps of any size have outlines")
  func sizes() {
    for (width, height) in [(1, 1), (3, 2), (40, 1), (1, 40)] {
      let plane = Plane(
        width: width, height: height, values: (0..<width * height).map { Float($0 % 5) / 255 })
      #expect(OutlineDetector().outlines(depth: plane, parts: plane).kinds.count == width * height)
      #expect(OutlineDetector().outlines(depth: plane).kinds.count == width * height)
    }
  }
}
