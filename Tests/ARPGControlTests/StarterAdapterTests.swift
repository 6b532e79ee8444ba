import ARPG
import ARPGControl
import ARPGStarter
import ARPGTensor
import TestSupport
import Testing

@Suite("Adapters of the starter model")
struct StarterAdapterTests {
  @Test("Edges give the condition tokens of the reference, depth gives others")
  func conditionTokens() throws {
    let cases = try Checkpoint.open(Fixtures.path("starter/cases.safetensors"))
    let images = try cases.tensor(named: "image")
    let controls = (0..<2).map { PreparedControl(values: images.slice($0..<$0 + 1).reshaped(3, 128, 128)) }
    let model = try Model.load(Starter.path())
    let edges = try ControlImageEncoder(adapter: "canny", model: model.adapterModel("canny")).encode(controls)
    let depth = try ControlImageEncoder(adapter: "depth", model: model.adapterModel("depth")).encode(controls)
    #expect(edges.tokens.keys.sorted() == [0, 1, 2] && depth.tokens.keys.sorted() == [0, 1, 2])
    for layer in 0..<3 {
      let expected = try cases.tensor(named: "control.\(layer)")
      #expect(try #require(edges.tokens[layer]).largestDifference(from: expected) < 1e-4)
      #expect(try #require(depth.tokens[layer]).largestDifference(from: expected) > 0.1)
    }
  }
}
