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
    let controls = try StarterCases.controls(cases)
    let model = try Model.load(Starter.path(), .twoPass)
    func condition(_ name: String) throws -> Condition {
      let own = try model.adapterModel(name)
      return try ImageControl().fit(to: own)
        .makeEncoder(own.weights?.parameters, for: ModelParts(decoder: model.decoder)).encode(controls)
    }
    let edges = try condition("canny"), depth = try condition("depth")
    #expect(edges.tokens.keys.sorted() == [0, 2, 4] && depth.tokens.keys.sorted() == [0, 2, 4])
    for layer in [0, 2, 4] {
      let expected = try cases.tensor(named: "control.\(layer)")
      #expect(try #require(edges.tokens[layer]).largestDifference(from: expected) < 1e-4)
      #expect(try #require(depth.tokens[layer]).largestDifference(from: expected) > 0.1)
    }
  }
}
