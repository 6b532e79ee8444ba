import ARPGTensor
import Testing

@Suite("Draws from a stream")
struct PhiloxDrawsTests {
  private func stream(_ number: UInt32) -> PhiloxStream {
    PhiloxStream(Philox(seed: 3), name: SIMD3(number, 0, 0))
  }

  @Test("The same stream draws the same, another something else")
  func determinism() {
    func draws(_ number: UInt32) -> [Float] {
      var random = stream(number)
      return (0..<20).map { _ in random.uniform(-1, 1) + random.normal() + Float(random.integer(in: 0..<9)) }
    }
    #expect(draws(1) == draws(1))
    #expect(draws(1) != draws(2))
  }

  @Test("Numbers are evenly spread over their range")
  func uniform() {
    var random = stream(0)
    let values = (0..<10000).map { _ in random.uniform(2, 6) }
    #expect(values.allSatisfy { (2...6).contains($0) })
    for quarter in 0..<4 {
      let low = 2 + Float(quarter)
      #expect((2300...2700).contains(values.count { $0 >= low && $0 < low + 1 }))
    }
    var counts: [Int: Int] = [:]
    for _ in 0..<5000 { counts[random.integer(in: -2..<3), default: 0] += 1 }
    #expect(counts.keys.sorted() == [-2, -1, 0, 1, 2] && counts.values.allSatisfy { (850...1150).contains($0) })
    #expect(Set((0..<100).map { _ in random.pick(["a", "b", "c"]) }) == ["a", "b", "c"])
  }

  @Test("Chances are kept, and certain at their ends")
  func chance() {
    var random = stream(5)
    #expect((2800...3200).contains((0..<10000).count { _ in random.chance(0.3) }))
    #expect((0..<1000).allSatisfy { _ in !random.chance(0) && random.chance(1) })
  }

  @Test("Normal numbers have mean 0, variance 1 and kurtosis 3")
  func normal() {
    var random = stream(7)
    let values = (0..<20000).map { _ in Double(random.normal()) }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * value } } / 20000
    }
    #expect(abs(moment(1)) < 0.03 && abs(moment(2) - 1) < 0.05 && abs(moment(4) - 3) < 0.3)
  }
}
