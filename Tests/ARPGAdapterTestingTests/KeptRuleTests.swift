import ARPG
import ARPGAdapterTesting
import ARPGTensor
import CannyControl
import ClassControl
import DepthControl
import LineartControl
import LlamaGenDecoder
import PaletteControl
import SegmentationControl
import Testing
import TextFeaturesControl

@Suite("Adapters that keep the rules: those of the package, and others of other kinds")
struct KeptRuleTests {
  /// Those of scores.
  private static let scores: Set<AdapterRule> = [.scoreDescriptions, .scoreValues, .scorePurity, .ownControl]

  @Test(arguments: AdapterRule.allCases)
  func canny(rule: AdapterRule) async throws {
    let skipped: Set<AdapterRule> = [.nullPrefix]
    let outcome = try await rule.check(CannyControl())
    #expect((outcome != .kept) == skipped.contains(rule), "\(outcome)")
  }

  @Test(arguments: AdapterRule.allCases)
  func depth(rule: AdapterRule) async throws {
    let skipped = Self.scores.union([.nullPrefix, .controlOfImage])
    let outcome = try await rule.check(DepthControl())
    #expect((outcome != .kept) == skipped.contains(rule), "\(outcome)")
  }

  @Test(arguments: AdapterRule.allCases)
  func lineart(rule: AdapterRule) async throws {
    let outcome = try await rule.check(LineartControl())
    #expect((outcome != .kept) == Self.scores.union([.nullPrefix]).contains(rule), "\(outcome)")
  }

  @Test(arguments: AdapterRule.allCases)
  func segmentation(rule: AdapterRule) async throws {
    let outcome = try await rule.check(SegmentationControl())
    #expect((outcome != .kept) == Self.scores.union([.nullPrefix]).contains(rule), "\(outcome)")
  }

  @Test(arguments: AdapterRule.allCases)
  func palette(rule: AdapterRule) async throws {
    let example = AdapterExample(inputs: ["#aa3311,navy", "white:2,#00ff80", "red"].map { .text($0) })
    let outcome = try await rule.check(PaletteControl(), with: example)
    #expect((outcome != .kept) == Self.scores.union([.options, .newAdapter]).contains(rule), "\(outcome)")
  }

  /// Those of an adapter without options and weights.
  private static let withoutWeights = Set(AdapterRule.allCases.filter { $0.number >= 13 } + [.options, .fit])

  @Test(arguments: AdapterRule.allCases)
  func classes(rule: AdapterRule) async throws {
    let outcome = try await rule.check(ClassControl())
    #expect((outcome != .kept) == Self.withoutWeights.contains(rule), "\(outcome)")
  }

  @Test(arguments: AdapterRule.allCases)
  func textFeatures(rule: AdapterRule) async throws {
    let sizes = LlamaGenConfiguration(
      CausalSizes(dim: 32, layers: 2, heads: 2, hidden: 64, vocab: 24, classes: 0, tokens: 16),
      text: .init(width: 8, maxLength: 5))
    // A new decoder gives every code the same logit.
    var parameters = LlamaGenDecoder.initialParameters(sizes, seed: 3)
    parameters["output.weight"] = Philox(seed: 4).normalTensor(
      shape: [24, 32], deviation: 0.2, number: 0, purpose: .custom(90))
    let texts = [3, 5, 1].map { length in
      ControlInput.tensor(
        Tensor(shape: [length, 8], values: (0..<length * 8).map { Float($0 % 7 - 3) / Float(length + 2) }))
    }
    let example = AdapterExample(
      inputs: texts, decoder: LlamaGenDecoder(sizes, ParameterReader(tensors: parameters)))
    let outcome = try await rule.check(TextFeaturesControl(), with: example)
    #expect((outcome != .kept) == Self.withoutWeights.contains(rule), "\(outcome)")
  }

  @Test(
    "Other sizes and settings, such as a ViT with patches that are no power of two", arguments: AdapterRule.allCases)
  func sizes(rule: AdapterRule) async throws {
    let vit: JSONValue = .object([
      "encoder": .string("dinov2"), "image": .number(56), "patch": .number(14), "hidden": .number(16),
      "heads": .number(2), "layers": .number(1), "inject": .array([.number(1)]),
    ])
    try await rule.check(DepthControl(), with: AdapterExample(settings: vit, imageSize: 64))
  }

  @Test("An adapter of a text that is trained and gives a prefix", arguments: AdapterRule.allCases)
  func letters(rule: AdapterRule) async throws {
    let outcome = try await rule.check(LetterControl())
    let skipped = Self.scores.union([.options, .newAdapter, .controlOfImage])
    #expect((outcome != .kept) == skipped.contains(rule), "\(outcome)")
  }
}
