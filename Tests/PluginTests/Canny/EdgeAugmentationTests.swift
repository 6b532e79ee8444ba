import ARPG
import ARPGTensor
import CannyControl
import Testing

struct EdgeAugmentationTests {
  /// A square frame of thin lines.
  private let frame = Plane(
    width: 64, height: 64,
    values: (0..<64 * 64).map { index in
      let (x, y) = (index % 64, index / 64)
      return max(abs(x - 32), abs(y - 32)) == 20 ? 1 : 0
    })

  private func stream(_ number: UInt32, seed: UInt64 = 1) -> PhiloxStream {
    PhiloxStream(Philox(seed: seed), name: SIMD3(number, 0, 0))
  }

  private func applied(_ augmentation: EdgeAugmentation, _ number: UInt32 = 0, to plane: Plane? = nil) -> Plane {
    var random = stream(number)
    return augmentation.applied(to: plane ?? frame, using: &random)
  }

  private func only(_ change: WritableKeyPath<EdgeAugmentation, Double>) -> EdgeAugmentation {
    var augmentation = EdgeAugmentation.none
    augmentation[keyPath: change] = 1
    return augmentation
  }

  private func ink(_ plane: Plane) -> Float { plane.values.reduce(0, +) }

  @Test("Nothing likely to change changes nothing")
  func none() {
    for number in 0..<50 { #expect(applied(.none, UInt32(number)) == frame) }
  }

  @Test("By default some edges stay as they are, and most change")
  func shares() {
    let unchanged = (0..<2000).count { applied(EdgeAugmentation(), UInt32($0)) == frame }
    // 0.55 * 0.75 * 0.5 * 0.5 * 0.65 * 0.7, gaps that miss the frame, and gains over 1 that full ink does not show.
    #expect((100...190).contains(unchanged), "\(unchanged)")
  }

  @Test("The result is a function of edges and stream, in 0...1")
  func determinism() {
    var results: [[Float]] = []
    for number: UInt32 in 0..<100 {
      let result = applied(EdgeAugmentation(), number)
      #expect(result == applied(EdgeAugmentation(), number))
      #expect(result.width == 64 && result.height == 64 && result.values.allSatisfy { (0...1).contains($0) })
      results.append(result.values)
    }
    #expect(Set(results).count > 50)
    var other = stream(0, seed: 2), first = stream(0)
    #expect((0..<8).map { _ in other.next() } != (0..<8).map { _ in first.next() })
  }

  @Test("Gaps only take away, stray strokes and thickness only add")
  func directions() {
    for number: UInt32 in 0..<50 {
      #expect(zip(applied(only(\.gaps), number).values, frame.values).allSatisfy { $0 == $1 || $0 == 0 })
      #expect(zip(applied(only(\.strayStrokes), number).values, frame.values).allSatisfy { $0 == $1 || $0 == 1 })
      #expect(zip(applied(only(\.thickness), number).values, frame.values).allSatisfy { $0 >= $1 })
    }
    #expect((0..<50).contains { ink(applied(only(\.gaps), $0)) < ink(frame) })
    #expect((0..<50).contains { ink(applied(only(\.strayStrokes), $0)) > ink(frame) })
    #expect((0..<50).contains { ink(applied(only(\.thickness), $0)) > 1.5 * ink(frame) })
  }

  @Test("Lines that waver stay near where they were")
  func wobble() {
    for number: UInt32 in 0..<20 {
      let result = applied(only(\.wobble), number)
      #expect(result != frame)
      #expect((0.7...1.3).contains(ink(result) / ink(frame)))
      for index in 0..<64 * 64 where result.values[index] > 0.3 {
        let distance = abs(max(abs(index % 64 - 32), abs(index / 64 - 32)) - 20)
        #expect(distance <= 6)
      }
    }
  }

  @Test("A blur keeps the ink, a gain scales it")
  func strengths() {
    let grey = frame.map { $0 * 0.5 }
    for number: UInt32 in 0..<20 {
      let blurred = applied(only(\.blur), number)
      #expect(abs(ink(blurred) / ink(frame) - 1) < 1e-3 && (blurred.values.max() ?? 0) < 1)
      let scaled = applied(only(\.gain), number, to: grey)
      #expect((0.59...1.61).contains(ink(scaled) / ink(grey)))
    }
  }

  @Test("Outlines stand in for edges as often as told")
  func outlines() {
    let outlines = frame.map { 1 - $0 }
    func share(_ augmentation: EdgeAugmentation) -> Int {
      (0..<500).count { number in
        var random = stream(UInt32(number))
        let result = augmentation.applied(to: frame, outlines: outlines, using: &random)
        #expect(result == frame || result == outlines)
        return result == outlines
      }
    }
    var some = EdgeAugmentation.none
    some.outlines = 0.2
    #expect(share(.none) == 0 && share(only(\.outlines)) == 500 && (70...130).contains(share(some)))
    #expect(applied(only(\.outlines)) == frame)
  }

  @Test("Tiny and narrow pictures are fine")
  func tiny() {
    let all = EdgeAugmentation(
      gaps: 1, strayStrokes: 1, wobble: 1, thickness: 1, blur: 1, gain: 1)
    for (width, height) in [(1, 1), (3, 1), (2, 40), (200, 5)] {
      let plane = Plane(width: width, height: height, values: Array(repeating: 1, count: width * height))
      for number: UInt32 in 0..<20 {
        let result = applied(all, number, to: plane)
        #expect(result.width == width && result.height == height && result.values.allSatisfy { (0...1).contains($0) })
      }
    }
  }
}
