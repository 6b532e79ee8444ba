import ARPG
import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("The perceptual loss")
struct PerceptualLossTests {
  private let cases: Checkpoint

  init() throws { cases = try Checkpoint.open(Fixtures.path("perceptual/cases.safetensors")) }

  /// The tensors of the network, with or without the weights of channels.
  private func network(isWeighted: Bool) throws -> ParameterSet {
    var tensors: [String: Tensor] = [:]
    for name in cases.names where name.hasPrefix("features.") || (isWeighted && name.hasPrefix("lin")) {
      tensors[name] = try cases.tensor(named: name)
    }
    return ParameterSet(tensors, sourceName: "a network")
  }

  @Test("Distance and gradient are PyTorch's", arguments: [false, true])
  func agreement(isWeighted: Bool) throws {
    let loss = try PerceptualLoss(network(isWeighted: isWeighted))
    let images = try cases.tensor(named: "images").tracked(), target = try cases.tensor(named: "target")
    let distance = loss(images, target: target)
    let prefix = isWeighted ? "weighted" : "plain"
    #expect(abs(distance.scalar - (try cases.tensor(named: prefix + ".distance").scalar)) < 1e-5)
    let gradient = gradients(of: distance, withRespectTo: [images])[0]
    let expected = try cases.tensor(named: prefix + ".gradient")
    #expect(gradient.largestDifference(from: expected) < 1e-4 * expected.largestMagnitude + 1e-7)
    #expect(loss(target, target: target).scalar == 0)
  }

  @Test("A network that lacks a layer, or whose layers do not follow each other, is refused")
  func refusals() throws {
    var missing = try network(isWeighted: false)
    missing.tensors["features.21.bias"] = nil
    #expect(throws: ParameterError.self) { try PerceptualLoss(missing) }
    var narrow = try network(isWeighted: true)
    narrow.tensors["features.7.weight"] = Tensor(shape: [6, 5, 3, 3], repeating: 0)
    #expect(throws: ParameterError.self) { try PerceptualLoss(narrow) }
    var weights = try network(isWeighted: true)
    weights.tensors["lin2.model.1.weight"] = Tensor(shape: [1, 7, 1, 1], repeating: 0)
    #expect(throws: ParameterError.self) { try PerceptualLoss(weights) }
  }
}
