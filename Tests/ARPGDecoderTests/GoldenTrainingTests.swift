import ARPG
import ARPGDecoder
import ARPGTensor
import TestSupport
import Testing

@Suite("Golden training cases")
struct GoldenTrainingTests {
  @Test("Loss within 1e-5, gradients within 1e-4 of each tensor's largest", arguments: ["arpg-tiny", "arpg-odd"])
  func lossAndGradients(_ name: String) throws {
    let golden = try GoldenDecoder(name)
    let configuration = golden.configuration
    let expected = try Checkpoint.open(Fixtures.path("\(name)/train.safetensors"))
    let batch = 3, tokens = configuration.tokens
    func rows(_ key: String) throws -> [[Int]] {
      let values = try expected.integers(named: key)
      return (0..<batch).map { Array(values[$0 * tokens..<($0 + 1) * tokens]) }
    }
    let codes = try rows("codes"), orders = try rows("orders")
    let classes = try expected.integers(named: "class_ids").map { row in
      row == configuration.nullClassRow ? nil : row - configuration.classRow(0)
    }

    for label in ["plain", "control"] {
      var tensors: [String: Tensor] = [:]
      for name in golden.checkpoint.names { tensors[name] = try golden.checkpoint.tensor(named: name).tracked() }
      let decoder = try TwoPassDecoder.load(configuration, from: ParameterSet(tensors))
      var conditions: [Int: Tensor] = [:]
      if label == "control" {
        for layer in 0..<configuration.layers / 2 where expected.shape(of: "control.\(layer)") != nil {
          conditions[layer] = try expected.tensor(named: "control.\(layer)").tracked()
        }
        #expect(!conditions.isEmpty)
      }
      let loss = decoder.trainingLoss(
        codes: codes, orders: orders, prefix: try decoder.prefix(ofClasses: classes), conditions: conditions,
        dropout: nil)
      #expect(abs(loss.scalar - (try expected.tensor(named: "\(label).loss").scalar)) < 1e-5)

      let leaves =
        tensors.map { ("\(label).grad.\($0)", $1) } + conditions.map { ("\(label).grad.control.\($0)", $1) }
      for ((key, _), gradient) in zip(leaves, gradients(of: loss, withRespectTo: leaves.map(\.1))) {
        let right = try expected.tensor(named: key)
        #expect(gradient.largestDifference(from: right) <= 1e-4 * right.largestMagnitude, "\(name) \(key)")
      }
    }
  }
}
