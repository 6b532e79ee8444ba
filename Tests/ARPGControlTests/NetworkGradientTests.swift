import ARPG
import ARPGControl
import ARPGTensor
import TestSupport
import Testing

@Suite("Gradients of an adapter")
struct NetworkGradientTests {
  private func configuration(_ kind: String) -> ControlARNetwork.Configuration {
    // Position embeddings for 3 x 3 patches, images of 4 x 4: they are interpolated.
    let sizes = VisionTransformerConfiguration(image: 6, patch: 2, dim: 8, heads: 2, layers: 2, hidden: 12)
    return .init(encoder: Small.encoder(kind, sizes), dim: 6, inject: [0, 2])
  }

  @Test(
    "They are those of finite differences, through the whole network",
    arguments: ["vit", "dinov2", "vit_c"])
  func finiteDifferences(_ kind: String) throws {
    let configuration = configuration(kind)
    let parameters = try Small.trained(configuration)
    let images = Small.random([2, 3, 8, 8], seed: 1)
    let weights = Small.random([1, 2 * 16 * 6], seed: 2)
    func loss(_ tensors: [String: Tensor]) -> Tensor {
      let condition = ControlARNetwork(configuration, ParameterReader(tensors: tensors))(images)
      let scalars = condition.tokens.sorted { $0.key < $1.key }.map {
        $0.value.reshaped(1, weights.count).linear(weights).reshaped([])
      }
      return scalars.dropFirst().reduce(scalars[0]) { $0.adding($1, scale: 0.5) }
    }
    let names = parameters.names
    let tracked = parameters.tensors.mapValues { $0.tracked() }
    let leaves = try names.map { try #require(tracked[$0]) }
    for (name, gradient) in zip(names, gradients(of: loss(tracked), withRespectTo: leaves)) {
      let tensor = try #require(parameters.tensors[name])
      // The key's bias shifts all scores of a query alike and so has no gradient.
      let isKeyBias = name.hasSuffix("key.bias")
      #expect(isKeyBias || gradient.largestMagnitude > 0, "\(name) has no gradient")
      for element in [0, tensor.count / 2, tensor.count - 1] {
        func moved(by step: Float) -> Double {
          var values = tensor.values
          values[element] += step
          var all = parameters.tensors
          all[name] = Tensor(shape: tensor.shape, values: values)
          return Double(loss(all).scalar)
        }
        let step: Float = 1e-2
        let expected = (moved(by: step) - moved(by: -step)) / Double(2 * step)
        let found = Double(gradient.values[element])
        let scale = Double(gradient.largestMagnitude) + 2e-3
        #expect(abs(expected - found) < 3e-2 * scale, "\(name)[\(element)]: \(found), not \(expected)")
      }
    }
  }
}
