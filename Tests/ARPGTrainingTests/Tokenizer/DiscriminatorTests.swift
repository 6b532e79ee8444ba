import ARPG
import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("The discriminator")
struct DiscriminatorTests {
  @Test("Gives a number for every eighth pixel, and reaches every parameter")
  func shapes() throws {
    let parameters = Discriminator.initialParameters(8, seed: 1, purpose: .discriminator).mapValues { $0.tracked() }
    let network = Discriminator(8, ParameterReader(tensors: parameters))
    let images = Philox(seed: 2).normalTensor(shape: [2, 3, 32, 16], deviation: 0.5, number: 0, purpose: .code)
    let scores = network(images)
    #expect(scores.shape == [2, 1, 4, 2])
    let names = parameters.keys.sorted()
    let found = ARPGTensor.gradients(of: scores.mean(), withRespectTo: names.compactMap { parameters[$0] })
    for (name, gradient) in zip(names, found) where !name.hasSuffix("bias") || name.contains("norm") {
      #expect(gradient.largestMagnitude > 0, "\(name) has no gradient")
    }
  }

  /// Loss and gradients of a task whose discriminator counts from some step on, at step 6.
  private func derivatives(from first: Int, weight: Float) throws -> (objective: Objective, of: [String: Tensor]) {
    let folder = try TemporaryFolder()
    let task = TokenizerTask(
      VQConfiguration(
        channels: 8, multipliers: [1], blocks: 1, latent: 8, codebook: 8, codeDim: 4, groups: 4, patch: 2,
        attention: false),
      objective: {
        var objective = TokenizerObjective()
        objective.adversarial = weight
        return objective
      }(), data: try TokenizerTaskTests.discs(in: folder), quantizationWarmup: 100, adversarialFrom: first)
    let leaves = try task.initialParameters(seed: 3).mapValues { $0.tracked() }
    let names = leaves.keys.filter(task.isTrained).sorted()
    let objective = try task.objective(leaves, SampleBatch(samples: [0, 1, 2, 3], step: 6, seed: 1))
    let found = ARPGTensor.gradients(of: objective.loss, withRespectTo: names.compactMap { leaves[$0] })
    return (objective, Dictionary(uniqueKeysWithValues: zip(names, found)))
  }

  @Test("Moves the tokenizer by its weight alone, and itself whatever the weight is")
  func sides() throws {
    let early = try derivatives(from: 6, weight: 1), none = try derivatives(from: 5, weight: 0)
    let full = try derivatives(from: 5, weight: 1)
    #expect(early.objective.metrics["generator"] == nil)
    #expect(try #require(none.objective.metrics["discriminator"]) > 0)
    for (name, gradient) in full.of {
      let (before, unweighted) = (try #require(early.of[name]), try #require(none.of[name]))
      if name.hasPrefix("discriminator.") {
        #expect(before.largestMagnitude == 0)
        #expect(gradient.largestDifference(from: unweighted) == 0, "\(name)")
      } else {
        #expect(unweighted.largestDifference(from: before) == 0, "\(name)")
      }
    }
    let output = "decoder.conv_out.weight"
    #expect(try #require(full.of[output]).largestDifference(from: #require(none.of[output])) > 0)
  }

  @Test("Learns to tell bright images from dark ones by the hinge loss")
  func learns() throws {
    let folder = try TemporaryFolder()
    let data = try TokenizerTaskTests.discs(in: folder)
    var objective = TokenizerObjective()
    objective.adversarial = 0
    let task = TokenizerTask(
      VQConfiguration(
        channels: 8, multipliers: [1], blocks: 1, latent: 8, codebook: 8, codeDim: 4, groups: 4, patch: 2,
        attention: false),
      objective: objective, data: data, quantizationWarmup: 1000, adversarialFrom: 0)
    // The tokenizer stays as it is, so that its images are far from real.
    let settings = LoopSettings(
      groups: [
        ParameterGroup(AdamW(weightDecay: 0), learningRate: 2e-3) { name, _ in name.hasPrefix("discriminator.") }
      ],
      schedule: LearningRateSchedule(.constant, warmup: 0, steps: 40), batch: 4)
    var loop = TrainingLoop(task, settings: settings, seed: 3)
    var state = try loop.start()
    var losses: [Double] = []
    for _ in 0..<40 { losses.append(try #require(loop.step(&state).metrics["discriminator"])) }
    #expect(losses[39] < 0.3 * losses[0], "\(losses)")
  }
}
