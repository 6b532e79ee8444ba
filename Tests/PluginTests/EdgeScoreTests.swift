import ARPG
import CannyControl
import Testing

@Suite("Scores of edges")
struct EdgeScoreTests {
  private let context = PreprocessingContext(imageSize: ImageSize(width: 64, height: 48))

  /// A bright box on dark ground.
  private func box(left: Int) -> Image {
    let grey = (0..<64 * 48).map { index -> UInt8 in
      left..<left + 20 ~= index % 64 && 12..<30 ~= index / 64 ? 230 : 20
    }
    return Image(width: 64, height: 48, grey: grey)
  }

  private func scores(_ image: Image, _ control: PreparedControl) throws -> [String: Double] {
    try CannyControl().scores(of: image, following: control, in: context)
  }

  @Test("Own edges are followed wholly, edges a pixel away by the tolerance alone, and others hardly")
  func distance() throws {
    let control = try #require(try CannyControl().control(of: TrainingImage(image: box(left: 10)), in: context))
    #expect(try scores(box(left: 10), control) == ["f1": 1, "f1-near": 1])
    let beside = try scores(box(left: 11), control), far = try scores(box(left: 30), control)
    #expect(beside["f1"] ?? 1 < 0.7 && beside["f1-near"] == 1)
    #expect(far["f1"] ?? 1 < 0.4 && far["f1-near"] ?? 1 < 0.6)
    let nothing = Image(width: 64, height: 48, grey: Array(repeating: 9, count: 64 * 48))
    #expect(try scores(nothing, control) == ["f1": 0, "f1-near": 0])
  }

  @Test("Of a control, pixels above the middle grey are edges")
  func threshold() throws {
    let edges = CannyEdgeDetector().edges(of: box(left: 10))
    func control(_ low: Float, _ high: Float) -> PreparedControl {
      PreparedControl(controlImage: Plane(width: 64, height: 48, values: edges.map { $0 > 0 ? high : low }))
    }
    #expect(try scores(box(left: 10), control(0.5, 0.51)) == ["f1": 1, "f1-near": 1])
    #expect(try scores(box(left: 10), control(0, 0.5)) == ["f1": 0, "f1-near": 0])
  }

  @Test("Nothing can be told where the control has another size")
  func size() throws {
    let small = PreparedControl(controlImage: Plane(width: 8, height: 6, values: Array(repeating: 0, count: 48)))
    #expect(try scores(box(left: 10), small).isEmpty)
  }
}
