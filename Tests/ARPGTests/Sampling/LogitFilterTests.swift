import ARPG
import Foundation
import TestSupport
import Testing

@Suite("Filters and draws")
struct LogitFilterTests {
  private struct Golden: Decodable {
    let kept: String
    let topK: Int
    let topP: Float
  }

  private func filter(topK: Int = 0, topP: Float = 1, temperature: Float = 1) -> LogitFilter {
    var settings = SamplingSettings()
    settings.topK = topK
    settings.topP = topP
    settings.temperature = temperature
    return LogitFilter(settings)
  }

  @Test("What is kept is that of the golden cases")
  func golden() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let cases = try decoder.decode(
      [Golden].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("filters.json"))))
    let checkpoint = try Checkpoint.open(Fixtures.path("filters.safetensors"))
    let logits = try checkpoint.tensor(named: "logits")
    for test in cases {
      let expected = try checkpoint.integers(named: test.kept)
      for row in 0..<logits.shape[0] {
        var values = logits.slice(row..<row + 1).values
        values.withUnsafeMutableBufferPointer { filter(topK: test.topK, topP: test.topP).apply(to: $0) }
        let kept = values.map { $0 > -.infinity ? 1 : 0 }
        #expect(kept == Array(expected[row * kept.count..<(row + 1) * kept.count]), "\(test.kept)")
      }
    }
  }

  @Test("A draw is the first code whose cumulative probability exceeds the number")
  func draws() {
    let probabilities: [Float] = [0.25, 0, 0.5, 0.25]
    func draw(_ uniform: Double?, _ filter: LogitFilter) -> Int {
      var logits = probabilities.map { Float(log($0)) }
      return logits.withUnsafeMutableBufferPointer { filter.draw(from: $0, uniform: uniform) }
    }
    #expect([0, 0.249, 0.251, 0.749, 0.751, 0.999].map { draw($0, filter()) } == [0, 0, 2, 2, 3, 3])
    #expect(draw(nil, filter()) == 2)
    #expect(draw(0.999, filter(topK: 1)) == 2)
    #expect(draw(0.999, filter(topP: 0)) == 2)
    #expect(draw(0.999, filter(temperature: 0)) == 2)
  }

  @Test("The draw that rounding leaves over is never a code that was left out")
  func lastDraw() {
    var logits: [Float] = [0, 0, -.infinity]
    let code = logits.withUnsafeMutableBufferPointer { filter().draw(from: $0, uniform: 1.0.nextDown) }
    #expect(code == 1)
  }
}
