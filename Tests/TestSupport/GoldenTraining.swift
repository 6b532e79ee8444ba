import ARPG
import ARPGTensor
import Testing

/// Compares the loss and all gradients of a decoder with a golden file of `codes`, `labels`, perhaps `orders`, `loss` and
/// `grad.{tensor}`; a label equal to the number of classes stands for none.
public func expectGoldenTraining(_ part: DecoderPart, _ checkpoint: Checkpoint, _ golden: Checkpoint) throws {
  let tokens = part.layout.tokens
  func rows(_ key: String) throws -> [[Int]] {
    let values = try golden.integers(named: key)
    return stride(from: 0, to: values.count, by: tokens).map { Array(values[$0..<$0 + tokens]) }
  }
  let codes = try rows("codes")
  let orders = golden.shape(of: "orders") == nil ? codes.map { _ in Array(0..<tokens) } : try rows("orders")
  let labels = try golden.integers(named: "labels").map { $0 == part.layout.classes ? nil : $0 }
  var tensors: [String: Tensor] = [:]
  for entry in part.parameterTable { tensors[entry.name] = try checkpoint.tensor(named: entry.name).tracked() }
  let decoder = part.decoder(of: tensors)
  let loss = decoder.trainingLoss(
    codes: codes, orders: orders, prefix: try decoder.prefix(ofClasses: labels), conditions: [:], dropout: nil)
  #expect(abs(loss.scalar - (try golden.tensor(named: "loss").scalar)) < 1e-5)
  let leaves = tensors.sorted { $0.key < $1.key }
  for ((name, _), gradient) in zip(leaves, gradients(of: loss, withRespectTo: leaves.map(\.value))) {
    let right = try golden.tensor(named: "grad." + name)
    #expect(gradient.largestDifference(from: right) <= 1e-4 * right.largestMagnitude, "\(name)")
  }
}
