import ARPG
import ARPGStarter
import ARPGTensor
import CannyControl
import ClassControl
import TestSupport
import Testing

@Suite("The starter model end to end")
struct StarterCasesTests {
  @Test("Codes of the recorded cases are equal, pixels within 1", arguments: ["greedy", "drawn"])
  func recorded(_ kind: String) throws {
    let cases = try Checkpoint.open(Fixtures.path("starter/cases.safetensors"))
    let model = try Model.load(Starter.path())
    let images = try cases.tensor(named: "image")
    let encoder = try CannyControl().makeEncoder(for: model.adapterModel("canny"))
    let condition = try encoder.encode(
      (0..<2).map { PreparedControl(values: images.slice($0..<$0 + 1).reshaped(3, 128, 128)) })
    for (layer, tokens) in condition.tokens {
      #expect(tokens.largestDifference(from: try cases.tensor(named: "control.\(layer)")) < 1e-3)
    }
    let labels = try cases.integers(named: "labels")
    let classes = try ClassControl().makeEncoder(for: model.adapterModel("class")).encode(
      labels.map { PreparedControl(values: Tensor(shape: [1], values: [Float($0)])) })

    var settings = model.sampling
    settings.topP = 1
    settings.topK = kind == "greedy" ? 1 : 0
    let random = GivenRandomSource(
      order: try cases.integers(named: "order"), numbers: try cases.tensor(named: "uniform").values)
    let request = SamplingRequest(
      images: [0, 1], controls: [ActiveControl(condition), ActiveControl(classes)], settings: settings, random: random)
    let codes = try Sampler(model.decoder).sample(request)
    #expect(codes.flatMap { $0 } == (try cases.integers(named: "\(kind).codes")))

    let expected = try cases.integers(named: "\(kind).pixels")
    for image in 0..<2 {
      let picture = try model.picture(of: codes[image])
      let plane = 128 * 128
      let worst = picture.pixels.indices.map { index in
        abs(Int(picture.pixels[index]) - expected[image * 3 * plane + index % 3 * plane + index / 3])
      }.max()
      #expect(try #require(worst) <= 1)
    }
  }
}
