import ARPG
import ARPGDecoder
import ARPGEvaluation
import ARPGStarter
import ARPGTensor
import TestSupport
import Testing

@Suite("What weights of low precision change")
struct PrecisionTests {
  private static let limits: [(WeightPrecision, error: Double, equal: Double)] = [
    (.float16, 0.002, 0.99), (.bfloat16, 0.01, 0.97), (.int8, 0.03, 0.95), (.int4, 0.2, 0.8),
  ]

  @Test("The bundled model's logits stay near those of 32 bits", arguments: limits)
  func starter(precision: WeightPrecision, error: Double, equal: Double) throws {
    let folder = try ModelFolder.read(Starter.path(), .twoPass)
    let result = try PrecisionEvaluation(
      of: folder.loadDecoder(precision: precision), against: folder.loadDecoder()
    ).measure(images: 2, steps: 8)
    #expect(result.positions == 512)
    #expect(result.logitError < error, "\(precision.rawValue): \(result)")
    #expect(result.equalCodes > equal, "\(precision.rawValue): \(result)")
  }

  @Test(
    "Logits of random weights, which do not forgive, stay within a few times the error of a product",
    arguments: [(WeightPrecision.int8, 0.035), (.int4, 0.32), (.bfloat16, 0.015), (.float16, 0.001)])
  func random(precision: WeightPrecision, limit: Double) throws {
    for name in ["arpg-tiny", "arpg-odd"] {
      let golden = try GoldenDecoder(name)
      let packed = try TwoPassDecoder.load(golden.configuration, from: golden.checkpoint, precision: precision)
      let result = try PrecisionEvaluation(of: packed, against: golden.load()).measure(images: 3, steps: 6)
      #expect(result.logitError < limit, "\(name), \(precision.rawValue): \(result)")
    }
  }

  @Test("A decoder does not differ from itself")
  func same() throws {
    let decoder = try ModelFolder.read(Starter.path(), .twoPass).loadDecoder()
    let result = try PrecisionEvaluation(of: decoder, against: decoder).measure(images: 1, steps: 3)
    #expect(result.logitError == 0 && result.equalCodes == 1)
  }
}
