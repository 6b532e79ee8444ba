import ARPG
import ARPGEvaluation
import ARPGScenes
import ARPGStarter
import CannyControl
import ClassControl
import DepthControl
import TestSupport
import Testing

@Suite("Evaluation of control")
struct ControlEvaluationTests {
  private static let adapters = ControlEvaluation.Adapters(classes: "class", edges: "canny", depth: "depth")

  private func pipeline() throws -> Pipeline {
    var registries = Registries.twoPass
    try ClassControl.register(in: &registries.adapters)
    try CannyControl.register(in: &registries.adapters)
    try DepthControl.register(in: &registries.adapters)
    return Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
  }

  @Test("The starter model follows edges: better than without, not as well as its tokenizer could")
  func starter() throws {
    var overrides = SamplingOverrides()
    overrides.steps = 32
    let evaluation = try ControlEvaluation(
      pipeline(), using: Self.adapters, overrides: overrides,
      kinds: SceneMixture([.classes: 1, .shapes: 1]), seed: 1)
    var seen: [Int] = []
    let result = try evaluation.evaluate(4, columns: 2) { done, total in
      seen.append(done)
      #expect(total == 4 * 5 * 256)
    }
    #expect(seen.last == 4 * 5 * 256 && seen == seen.sorted())
    #expect(result.rows.map(\.row) == ControlRow.allCases)
    let scores = Dictionary(uniqueKeysWithValues: result.rows.map { ($0.row, $0.scores) })
    func near(_ row: ControlRow) throws -> Double { try #require(scores[row]).nearF1 }
    #expect(try near(.real) == 1)
    #expect(try near(.reconstruction) > near(.edges))
    #expect(try near(.edges) > near(.uncontrolled))
    #expect(try near(.edited) > near(.edges))
    #expect(try near(.both) > near(.uncontrolled) && near(.depth) > near(.uncontrolled))
    #expect(try #require(scores[.real]?.evenness) > 0.98)
    #expect(try #require(scores[.edges]?.evenness) > 0.8)
    #expect(scores[.uncontrolled]?.evenness == nil)
    #expect(scores.values.allSatisfy { $0.exactF1 <= $0.nearF1 && $0.depthError == nil && $0.classAccuracy == nil })
    let decibels = try #require(scores[.reconstruction]?.peakSignalToNoise)
    #expect(25...40 ~= decibels)
    #expect(result.columns == 2 && result.images.count == 2 * 9)
  }

  @Test("An adapter that is not known is refused before anything is computed")
  func unknown() throws {
    var adapters = Self.adapters
    adapters.edges = "cany"
    #expect(
      throws: RegistryError.unknown(
        kind: "adapter", name: "cany", known: ["class", "canny", "depth"], nearest: "canny")
    ) {
      try ControlEvaluation(pipeline(), using: adapters)
    }
  }
}
