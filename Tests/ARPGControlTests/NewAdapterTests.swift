import ARPG
import ARPGControl
import ARPGTensor
import TestSupport
import Testing

@Suite("New adapters")
struct NewAdapterTests {
  private let configuration = ControlARNetwork.Configuration(encoder: Small.encoder, dim: 48, inject: [0, 1, 2])

  private func network(_ parameters: ParameterSet) throws -> ControlARNetwork {
    try ControlARNetwork.load(configuration, from: parameters)
  }

  @Test("The condition tokens of a new adapter are zero")
  func zero() throws {
    let parameters = try ControlARNetwork.initialParameters(configuration, seed: 7)
    let images = Small.random([1, 3, 32, 32], seed: 1)
    let condition = try network(parameters)(images)
    #expect(condition.tokens.keys.sorted() == [0, 1, 2])
    for tokens in condition.tokens.values {
      #expect(tokens.shape == [1, 64, 48] && tokens.values.allSatisfy { $0 == 0 })
    }
  }

  @Test("Its tensors differ, and its signal reaches the last layers")
  func signal() throws {
    let first = try ControlARNetwork.initialParameters(configuration, seed: 7)
    let name = "condition_layers.1.fc1.weight"
    #expect(first.tensors[name]?.values != first.tensors["condition_layers.2.fc1.weight"]?.values)

    // With the last matrices taken from the first ones, the tokens are neither lost nor blown up.
    var opened = first
    for index in 0..<3 { opened.tensors["condition_layers.\(index).fc2.weight"] = first.tensors[name] }
    let tokens = try #require(network(opened)(Small.random([1, 3, 32, 32], seed: 1)).tokens[1])
    #expect(0.02..<2 ~= tokens.largestMagnitude)
  }

  @Test("It may start from a published encoder")
  func publishedEncoder() throws {
    let published = try Checkpoint.open(Fixtures.path("dinov2/model.safetensors"))
    let configuration = ControlARNetwork.Configuration(encoder: .dinov2(Small.dinov2), dim: 8, inject: [0])
    let parameters = try ControlARNetwork.initialParameters(configuration, seed: 1, encoder: published)
    let name = "embeddings.position_embeddings"
    #expect(parameters.tensors["encoder." + name]?.values == (try published.tensor(named: name).values))
    #expect(parameters.tensors.count == ControlARNetwork.parameterTable(configuration).count)
    #expect(throws: ParameterError.self) {
      try ControlARNetwork.initialParameters(self.configuration, seed: 1, encoder: published)
    }
  }
}
