import ARPG
import ARPGStarter
import ARPGTensor
import CannyControl
import ClassControl
import TestSupport
import Testing

@Suite("The starter model end to end")
struct StarterCasesTests {
  @Test("Codes of the recorded cases are equal, ties apart; pixels are within 1", arguments: ["greedy", "drawn"])
  func recorded(_ kind: String) throws {
    let cases = try Checkpoint.open(Fixtures.path("starter/cases.safetensors"))
    let model = try Model.load(Starter.path(), .twoPass, precision: .float32)
    func encoder(_ adapter: some ControlAdapter) throws -> any ControlEncoder {
      let own = try model.adapterModel(adapter.descriptor.name)
      return try adapter.fit(to: own).makeEncoder(own.weights?.parameters, for: ModelParts(decoder: model.decoder))
    }
    let condition = try encoder(CannyControl()).encode(StarterCases.controls(cases))
    for (layer, tokens) in condition.tokens {
      #expect(tokens.largestDifference(from: try cases.tensor(named: "control.\(layer)")) < 1e-3)
    }
    let labels = try cases.integers(named: "labels")
    let classes = try encoder(ClassControl()).encode(
      labels.map { PreparedControl(values: Tensor(shape: [1], values: [Float($0)])) })

    var settings = SamplingSettings()
    settings.steps = 32
    settings.guidance = 3
    settings.guidanceSchedule = .linear
    settings.topK = kind == "greedy" ? 1 : 0
    let random = GivenRandomSource(
      order: try cases.integers(named: "order"), numbers: try cases.tensor(named: "uniform").values)
    let request = SamplingRequest(
      images: [0, 1], controls: [ActiveControl(condition), ActiveControl(classes)], settings: settings, random: random)
    let recorded = try cases.integers(named: "\(kind).codes")
    try expectCodes(recorded, of: try Sampler(model.decoder).start(request))

    let expected = try cases.integers(named: "\(kind).pixels")
    for image in 0..<2 {
      let pixels = try model.image(of: Array(recorded[image * 256..<(image + 1) * 256])).pixels
      let plane = StarterCases.side * StarterCases.side
      let worst = pixels.indices.map { index in
        abs(Int(pixels[index]) - expected[image * 3 * plane + index % 3 * plane + index / 3])
      }.max()
      #expect(try #require(worst) <= 1)
    }
  }

  /// Expects every code of a run to be the recorded one. Where the recorded code's logit equals the largest within
  /// rounding, either may be chosen, and nothing is expected of the image's codes after that.
  private func expectCodes(_ recorded: [Int], of start: SamplingRun) throws {
    let run = start
    var logits: Tensor?
    run.observeLogits = { logits = $1 }
    var isOpen = [true, true]
    while let step = run.next() {
      let values = try #require(logits).values
      for image in 0..<2 {
        for (slot, position) in step.positions[image].enumerated() where isOpen[image] {
          let found = run.codes[image][position], expected = recorded[image * 256 + position]
          guard found != expected else { continue }
          let row = (image * step.positions[image].count + slot) * values.count / (2 * step.positions[image].count)
          #expect(abs(values[row + found] - values[row + expected]) < 1e-5, "image \(image), position \(position)")
          isOpen[image] = false
        }
      }
    }
    #expect(isOpen[0])
  }
}
