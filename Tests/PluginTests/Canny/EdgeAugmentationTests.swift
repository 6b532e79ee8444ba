import ARPG
import ARPGTensor
import CannyControl
import Testing

struct EdgeAugmentationTests {
  private static let side = 64

  /// A square frame of thin lines.
  private let frame = Plane(
    width: side, height: side,
    values: (0..<side * side).map { index in
      let (x, y) = (index % side, index / side)
      return max(abs(x - 32), abs(y - 32)) == 20 ? 1 : 0
    })

  private func stream(_ number: UInt32, seed: UInt64 = 1) -> PhiloxStream {
    PhiloxStream(Philox(seed: seed), name: SIMD3(number, 0, 0))
  }

  private func applied(
    _ augmentation: EdgeAugmentation, _ number: UInt32 = 0, to plane: Plane? = nil, outlines: Outlines? = nil
  ) -> Plane {
    var random = stream(number)
    return augmentation.applied(to: plane ?? frame, outlines: outlines, using: &random)
  }

  /// One change, always.
  private func only(_ change: (inout EdgeAugmentation) -> Void) -> EdgeAugmentation {
    var augmentation = EdgeAugmentation.none
    augmentation.untouched = 0
    change(&augmentation)
    return augmentation
  }

  private func ink(_ plane: Plane) -> Float { plane.values.reduce(0, +) }

  @Test("Nothing likely to change changes nothing")
  func none() {
    for number: UInt32 in 0..<50 {
      #expect(applied(.none, number) == frame && applied(only { _ in }, number) == frame)
    }
  }

  @Test("By default half of the edges stay as they are, and the others change")
  func shares() {
    let unchanged = (0..<1000).count { applied(EdgeAugmentation(), UInt32($0)) == frame }
    #expect((450...570).contains(unchanged), "\(unchanged)")
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
    #expect(Set(results).count > 35)
    var other = stream(0, seed: 2), first = stream(0)
    #expect((0..<8).map { _ in other.next() } != (0..<8).map { _ in first.next() })
  }

  @Test("Gaps and erasure only take away, stray strokes and thickness only add")
  func directions() {
    let gaps = only { $0.gaps = 1 }, erasure = only { $0.erasure = 1 }, strays = only { $0.strayStrokes = 1 }
    let thick = only { $0.thickness = [0, 1, 0] }
    for number: UInt32 in 0..<50 {
      for change in [gaps, erasure] {
        #expect(zip(applied(change, number).values, frame.values).allSatisfy { $0 == $1 || $0 == 0 })
      }
      for change in [strays, thick] {
        #expect(zip(applied(change, number).values, frame.values).allSatisfy { $0 >= $1 })
      }
    }
    #expect((0..<50).contains { ink(applied(gaps, $0)) < 0.95 * ink(frame) })
    #expect((0..<50).contains { ink(applied(erasure, $0)) < 0.95 * ink(frame) })
    #expect((0..<50).contains { ink(applied(strays, $0)) > ink(frame) })
  }

  @Test("Thickness is three, five and seven pixels of 256, and grows with the image")
  func thickness() {
    let line = Plane(width: 256, height: 256, values: (0..<256 * 256).map { $0 % 256 == 100 ? 1 : 0 })
    for (index, width) in [3, 5, 7].enumerated() {
      var shares = [0.0, 0, 0]
      shares[index] = 1
      let result = applied(only { $0.thickness = shares }, to: line)
      let row = result.values[128 * 256..<129 * 256]
      #expect(row.count { $0 > 0.5 } == width, "\(width)")
    }
  }

  @Test("Lines that bend, tremble or are drawn twice stay near where they were")
  func bending() {
    let changes = [only { $0.bend = 1 }, only { $0.tremor = 1 }, only { $0.doubling = 1 }]
    for change in changes {
      #expect((0..<20).contains { applied(change, $0) != frame })
      for number: UInt32 in 0..<20 {
        let result = applied(change, number)
        #expect((0.7...2.1).contains(ink(result) / ink(frame)))
        for index in 0..<64 * 64 where result.values[index] > 0.3 {
          #expect(abs(max(abs(index % 64 - 32), abs(index / 64 - 32)) - 20) <= 5)
        }
      }
    }
  }

  @Test("A blur keeps the ink, pressure takes of it, a gain scales it")
  func strengths() {
    let grey = frame.map { $0 * 0.5 }
    for number: UInt32 in 0..<20 {
      let blurred = applied(only { $0.blur = [0, 1] }, number)
      #expect(abs(ink(blurred) / ink(frame) - 1) < 1e-3 && (blurred.values.max() ?? 0) < 1)
      let pressed = applied(only { $0.pressure = 1 }, number)
      #expect(zip(pressed.values, frame.values).allSatisfy { $0 <= $1 && $0 >= 0.549 * $1 })
      let scaled = applied(only { $0.gain = 1 }, number, to: grey)
      #expect((0.59...1.81).contains(ink(scaled) / ink(grey)))
    }
  }

  @Test("Outlines stand in for edges as often as told, and of their inner lines some are left out")
  func outlines() {
    let kinds = (0..<64 * 64).map { index -> Outlines.Kinds in
      switch index % 64 {
      case 10: .silhouette
      case 20: .part
      case 30: .marking
      case 40: .crease
      case 50: [.silhouette, .thinBorder]
      case 52: .stroke
      default: []
      }
    }
    let outlines = Outlines(width: 64, height: 64, kinds: kinds)
    func share(_ augmentation: EdgeAugmentation, _ column: Int) -> Int {
      (0..<500).count { applied(augmentation, UInt32($0), outlines: outlines).values[32 * 64 + column] > 0.5 }
    }
    var some = EdgeAugmentation.none
    some.outlines = 0.62
    #expect((270...350).contains(share(some, 10)) && share(.none, 10) == 0)
    let all = only {
      $0.outlines = 1; $0.selection = OutlineSelection()
    }
    #expect(share(all, 10) == 500)
    #expect((400...460).contains(share(all, 20)) && (360...430).contains(share(all, 30)))
    #expect((220...290).contains(share(all, 40)))
    let strokes = share(all, 52)
    #expect((270...330).contains(strokes) && share(all, 50) == 500 - strokes)
    #expect(applied(only { $0.outlines = 1 }) == frame)
  }

  @Test("Tiny and narrow images are fine")
  func tiny() {
    let all = EdgeAugmentation(
      outlines: 0, untouched: 0, bend: 1, tremor: 1, doubling: 1, thickness: [0, 0, 1], gaps: 1, erasure: 1,
      strayStrokes: 1, pressure: 1, blur: [0, 1], gain: 1)
    for (width, height) in [(1, 1), (3, 1), (2, 40), (200, 5)] {
      let plane = Plane(width: width, height: height, values: Array(repeating: 1, count: width * height))
      for number: UInt32 in 0..<20 {
        let result = applied(all, number, to: plane)
        #expect(result.width == width && result.height == height && result.values.allSatisfy { (0...1).contains($0) })
      }
    }
  }
}
