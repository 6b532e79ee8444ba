import ARPG
import ARPGControl
import ARPGStarter
import ARPGTensor
import TestSupport
import Testing

@Suite("Adapters of the starter model")
struct StarterAdapterTests {
  @Test("Condition tokens are those of the reference")
  func conditionTokens() throws {
    let cases = try Checkpoint.open(Fixtures.path("starter/cases.safetensors"))
    let images = try cases.tensor(named: "image")
    let controls = (0..<2).map { PreparedControl(values: images.slice($0..<$0 + 1).reshaped(3, 128, 128)) }
    let model = try Model.load(Starter.path())
    for name in ["canny", "depth"] {
      let encoder = try ControlImageEncoder(adapter: name, model: model.adapterModel(name))
      let condition = try encoder.encode(controls)
      for layer in 0..<3 {
        let expected = try cases.tensor(named: "control.\(layer)")
        print(name, layer, condition.tokens[layer]?.largestDifference(from: expected) as Any, expected.largestMagnitude)
      }
    }
  }
}
