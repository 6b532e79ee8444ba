import ARPGImages
import Testing

@Suite("Gaussian blur")
struct BlurTests {
  @Test("An impulse becomes the kernel's product")
  func impulse() {
    var values = [Float](repeating: 0, count: 35)
    values[17] = 1
    let blurred = Plane(width: 7, height: 5, values: values).blurred(sigma: 1, radius: 1)
    // exp(-1/2) / (1 + 2 exp(-1/2)) and 1 / (1 + 2 exp(-1/2)).
    let side: Float = 0.27406862, middle: Float = 0.45186276
    for y in 0..<5 {
      for x in 0..<7 {
        func weight(_ distance: Int) -> Float { [middle, side][safe: abs(distance)] ?? 0 }
        #expect(abs(blurred.values[y * 7 + x] - weight(x - 3) * weight(y - 2)) < 1e-6, "\(x), \(y)")
      }
    }
  }

  @Test("A flat plane stays flat, also where the kernel is larger than the plane")
  func flat() {
    for (width, height) in [(1, 1), (2, 9), (9, 2)] {
      let plane = Plane(width: width, height: height, values: Array(repeating: 0.25, count: width * height))
      #expect(plane.blurred(sigma: 3).values.allSatisfy { abs($0 - 0.25) < 1e-6 })
    }
  }

  @Test("The spread is that of the Gaussian")
  func spread() {
    var values = [Float](repeating: 0, count: 41)
    values[20] = 1
    let blurred = Plane(width: 41, height: 1, values: values).blurred(sigma: 2)
    let variance = blurred.values.enumerated().reduce(0) {
      $0 + $1.element * Float(($1.offset - 20) * ($1.offset - 20))
    }
    #expect(abs(variance - 4) < 0.15)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
