import ARPG
import ARPGTensor
import DepthControl
import Testing

struct DepthAugmentationTests {
  /// Nearer from left to right.
  private let ramp = Plane(width: 32, height: 24, values: (0..<32 * 24).map { Float($0 % 32) / 31 })

  private func applied(_ augmentation: DepthAugmentation, _ number: UInt32, to plane: Plane? = nil) -> Plane {
    var random = PhiloxStream(Philox(seed: 1), name: SIMD3(number, 0, 0))
    return augmentation.applied(to: plane ?? ramp, using: &random)
  }

  private func only(_ change: WritableKeyPath<DepthAugmentation, Double>) -> DepthAugmentation {
    var augmentation = DepthAugmentation.none
    augmentation[keyPath: change] = 1
    return augmentation
  }

  @Test("Nothing likely to change changes nothing")
  func none() {
    for number: UInt32 in 0..<50 { #expect(applied(.none, number) == ramp) }
  }

  @Test("By default a quarter stays as it is")
  func shares() {
    let unchanged = (0..<1000).count { applied(DepthAugmentation(), UInt32($0)) == ramp }
    // 0.5 * 0.5 * 0.7 * 0.7
    #expect((85...165).contains(unchanged), "\(unchanged)")
  }

  @Test("The result is a function of depth and stream, in 0...1")
  func determinism() {
    for number: UInt32 in 0..<100 {
      let result = applied(DepthAugmentation(), number)
      #expect(result == applied(DepthAugmentation(), number))
      #expect(result.values.allSatisfy { (0...1).contains($0) })
    }
    #expect(applied(only(\.noise), 0) != applied(only(\.noise), 1))
  }

  @Test("What is nearer stays nearer, but for noise", arguments: [\DepthAugmentation.gamma, \.range, \.blur])
  func order(change: WritableKeyPath<DepthAugmentation, Double> & Sendable) {
    for number: UInt32 in 0..<30 {
      let result = applied(only(change), number)
      #expect(result != ramp)
      for row in 0..<24 {
        let line = result.values[row * 32..<(row + 1) * 32]
        #expect(zip(line, line.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
  }

  @Test("Each change keeps to its bounds")
  func bounds() {
    for number: UInt32 in 0..<50 {
      let gamma = applied(only(\.gamma), number).values
      #expect(gamma.first == 0 && gamma[31] == 1)
      let range = applied(only(\.range), number).values
      #expect((0...0.151).contains(range[0]) && (0.849...1).contains(range[31]))
      let noise = zip(applied(only(\.noise), number).values, ramp.values).map { abs($0 - $1) }
      #expect((noise.max() ?? 1) < 0.09)
    }
  }

  @Test("Values beyond the range and what is no number come out in range")
  func odd() {
    let odd = Plane(width: 4, height: 1, values: [-3, 7, .nan, .infinity])
    let all = DepthAugmentation(gamma: 1, range: 1, blur: 1, noise: 1)
    for number: UInt32 in 0..<10 {
      #expect(applied(all, number, to: odd).values.allSatisfy { (0...1).contains($0) })
    }
  }
}
