import ARPG
import Foundation
import LineartControl
import Testing

struct ExtendedDifferenceOfGaussiansTests {
  private let detector = ExtendedDifferenceOfGaussians()

  private func plane(_ width: Int, _ height: Int, _ value: (Int, Int) -> Float) -> Plane {
    Plane(width: width, height: height, values: (0..<width * height).map { value($0 % width, $0 / width) })
  }

  @Test("Lines are those of NumPy in double precision, with Gaussians of two dimensions")
  func reference() {
    let image = plane(9, 7) { x, y in Float((x * 37 + y * 61 + x * y * 11) % 256) / 255 }
    let lines = ExtendedDifferenceOfGaussians(sigma: 0.8, sharpness: 12, threshold: 0.9, softness: 0.8)
      .lines(of: image).values
    let first: [Float] = [0.83731, 0.6881, 0.27887, 0, 0, 0, 0, 0.76601, 0.69066]
    let fourth: [Float] = [0, 0, 0.01334, 0.09559, 0.12344, 0.66859, 0.1168, 0, 0]
    for x in 0..<9 {
      #expect(abs(lines[x] - first[x]) < 2e-5, "row 0, column \(x)")
      #expect(abs(lines[27 + x] - fourth[x]) < 2e-5, "row 3, column \(x)")
    }
  }

  @Test("A step is a line on its dark side, the same along it, and nothing elsewhere")
  func step() {
    for isFlipped in [false, true] {
      let lines = detector.lines(of: plane(40, 12) { x, _ in (x < 20) != isFlipped ? 0.2 : 0.8 })
      let row = Array(lines.values.prefix(40))
      for y in 0..<12 { #expect(Array(lines.values[y * 40..<(y + 1) * 40]) == row) }
      let dark = isFlipped ? 20 : 19
      #expect((row.max() ?? 0) > 0.8)
      #expect(abs((row.firstIndex(of: row.max() ?? 0) ?? 0) - dark) <= 1)
      for x in 0..<40 where abs(x - dark) > 4 || (x < 20) == isFlipped { #expect(row[x] == 0, "column \(x)") }
    }
    // Turned by a right angle.
    let turned = detector.lines(of: plane(12, 40) { _, y in y < 20 ? 0.2 : 0.8 })
    let upright = detector.lines(of: plane(40, 12) { x, _ in x < 20 ? 0.2 : 0.8 })
    for x in 0..<40 { #expect(abs(turned.values[x * 12 + 5] - upright.values[5 * 40 + x]) < 1e-6) }
  }

  @Test("More contrast is a stronger line, and none is none, whatever the tone")
  func contrast() {
    func strength(_ low: Float, _ high: Float, _ detector: ExtendedDifferenceOfGaussians? = nil) -> Float {
      (detector ?? self.detector).lines(of: plane(30, 8) { x, _ in x < 15 ? low : high }).values.max() ?? 0
    }
    for tone: Float in [0, 0.1, 0.5, 1] { #expect(strength(tone, tone) == 0) }
    let strengths = [0.01, 0.1, 0.3, 0.6, 1].map { strength(0, $0) }
    #expect(strengths[0] == 0 && zip(strengths, strengths.dropFirst()).allSatisfy { $0 < $1 } && strengths[4] > 0.9)
    // Tone does not count, but for rounding.
    #expect(abs(strength(0, 0.3) - strength(0.7, 1)) < 1e-4)
    var other = detector
    other.threshold = 1
    #expect(strength(0, 0.02, other) > 0 && strength(0, 0.02) == 0)
    other = detector
    other.softness = 0.05
    #expect(strength(0, 0.2, other) > strength(0, 0.2))
    other = detector
    other.sharpness = 0
    #expect(strength(0, 0.5, other) == 0)
  }

  @Test("A wider Gaussian makes a wider line")
  func width() {
    func width(_ sigma: Double) -> Int {
      ExtendedDifferenceOfGaussians(sigma: sigma).lines(of: plane(80, 3) { x, _ in x < 40 ? 0 : 1 })
        .values[80..<160].count { $0 > 0.3 }
    }
    #expect(width(0.5) < width(1) && width(1) < width(3))
  }

  @Test("Colours of one brightness are told apart, and grey in colour is grey")
  func colours() {
    let width = 24
    let pixels = (0..<width * 6).flatMap { index -> [UInt8] in index % width < 12 ? [200, 40, 40] : [40, 121, 40] }
    let image = Image(width: width, height: 6, pixels: pixels)
    #expect(Set(image.greyValues).count <= 2 && abs(Int(image.greyValues[0]) - Int(image.greyValues[13])) <= 3)
    #expect((detector.lines(of: image).max() ?? 0) > 150)
    let grey = Image(width: width, height: 6, grey: (0..<width * 6).map { UInt8($0 * 7 % 256) })
    let plane = detector.lines(of: grey.greyPlane)
    #expect(detector.lines(of: grey) == plane.values.map { UInt8(($0 * 255).rounded()) })
  }
}
