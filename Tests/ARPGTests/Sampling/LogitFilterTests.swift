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

  @Test("What is kept is what sorting all codes keeps", arguments: [1, 2, 17, 1000, 5000])
  func sorting(count: Int) {
    var generator = SystemRandomNumberGenerator()
    for round in 0..<12 {
      // From nearly equal logits, with equals among them, to a few that hold everything.
      let spread = Float([0.01, 1, 10, 300][round % 4])
      var logits = (0..<count).map { _ in (Float.random(in: -1...1, using: &generator) * 50).rounded() / 50 * spread }
      if round % 3 == 1 { for code in stride(from: 1, to: count, by: 3) { logits[code] = -.infinity } }
      if round % 3 == 2 { for code in stride(from: 0, to: count, by: 5) { logits[code] = code % 2 == 0 ? 0 : -0.0 } }
      let ranked = logits.indices.filter { logits[$0] > -.infinity }.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
      for topP in [Float(0), 0.1, 0.6, 0.999999] {
        let weights = ranked.map { exp(Double(logits[$0])) }, total = weights.reduce(0, +)
        var mass = 0.0
        var kept: Set<Int> = [], unsure: Set<Int> = []
        for (code, weight) in zip(ranked, weights) {
          // Where sums of another order may fall on the other side.
          if abs(mass - Double(topP) * total) < 1e-12 * total, mass > 0 { unsure.insert(code) }
          if mass <= Double(topP) * total { kept.insert(code) }
          mass += weight
        }
        #expect(self.kept(logits, filter(topP: topP)).symmetricDifference(kept).isSubset(of: unsure))
      }
      for topK in [2, 7, count / 2] where 1..<count ~= topK {
        let threshold = logits.sorted(by: >)[topK - 1]
        let expected = logits.indices.filter { logits[$0] >= threshold && logits[$0] > -.infinity }
        #expect(kept(logits, filter(topK: topK)) == Set(expected))
      }
    }
  }

  private func kept(_ logits: [Float], _ filter: LogitFilter) -> Set<Int> {
    var logits = logits
    logits.withUnsafeMutableBufferPointer { filter.apply(to: $0) }
    return Set(logits.indices.filter { logits[$0] > -.infinity })
  }

  @Test("Logits that are no numbers end the filter all the same", arguments: [Float.nan, .infinity, -.infinity])
  func special(value: Float) {
    for place in [0, 3] {
      var logits: [Float] = [1, 2, 3, 4, 5]
      logits[place] = value
      for filter in [filter(topP: 0.5), filter(topK: 2), filter(topK: 3, topP: 0.9)] {
        #expect(kept(logits, filter).count <= 5)
        #expect(logits.indices ~= logits.withUnsafeMutableBufferPointer { filter.draw(from: $0, uniform: 0.5) })
      }
    }
    #expect(kept([value, value], filter(topP: 0.5)).count <= 2)
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

  @Test("A draw goes over all codes that the filter keeps, in code order", arguments: [1, 15, 16, 33, 1000])
  func drawsOfKept(count: Int) {
    var generator = SystemRandomNumberGenerator()
    for round in 0..<40 {
      let spread = Float([0.1, 1, 10][round % 3])
      var logits = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) * spread }
      if round % 4 == 3 { logits[count / 2] = [.nan, -.infinity, logits[0], -0.0][round / 4 % 4] }
      let filter = filter(
        topK: [0, 0, 5][round % 3], topP: [1, 0.5, 0.9][round / 3 % 3], temperature: [1, 0.7][round % 2])
      let uniform = Double.random(in: 0..<1, using: &generator)
      var kept = logits
      kept.withUnsafeMutableBufferPointer { filter.apply(to: $0) }
      let largest = kept.reduce(-.infinity) { $1 > $0 ? $1 : $0 }
      let weights = kept.map { $0 > -.infinity ? exp(Double($0) - Double(largest)) : 0 }
      let total = weights.reduce(0, +)
      var mass = 0.0
      let expected = weights.firstIndex { weight in
        mass += weight
        return weight > 0 && mass > uniform * total
      }
      guard let expected else { continue }
      #expect(logits.withUnsafeMutableBufferPointer { filter.draw(from: $0, uniform: uniform) } == expected)
    }
  }

  @Test("The draw that rounding leaves over is never a code that was left out")
  func lastDraw() {
    var logits: [Float] = [0, 0, -.infinity]
    let code = logits.withUnsafeMutableBufferPointer { filter().draw(from: $0, uniform: 1.0.nextDown) }
    #expect(code == 1)
  }
}
