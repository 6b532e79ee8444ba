import ARPG
import ARPGEvaluation
import Testing

@Suite("Measures of control")
struct MetricTests {
  @Test("Noise of one level in every channel is 48.13 dB; equal images have no noise")
  func noise() {
    let black = Image(width: 2, height: 2, grey: [0, 0, 0, 0]), dark = Image(width: 2, height: 2, grey: [1, 1, 1, 1])
    #expect(abs(dark.peakSignalToNoise(against: black) - 48.1308) < 1e-3)
    #expect(black.peakSignalToNoise(against: black) == .infinity)
  }

  @Test("Colours are even where light and shadow alone change them, and where a part has one hue")
  func evenness() {
    func image(_ colour: (_ x: Int, _ y: Int) -> [Double]) -> Image {
      let pixels = (0..<32 * 32).flatMap { pixel in
        colour(pixel % 32, pixel / 32).map { UInt8((255 * min(1, max(0, $0))).rounded()) }
      }
      return Image(width: 32, height: 32, pixels: pixels)
    }
    let parts = (0..<32 * 32).map { UInt8($0 % 32 < 16 ? 1 : $0 / 32 < 16 ? 2 : 0) }
    func share(_ image: Image) -> Double? { ColourEvenness(of: image, parts: parts, border: 1).share }
    // Shaded red and green: linear light of 0.3 to 1 of one colour each.
    let shaded = image { x, y in
      let light = (0.3 + 0.7 * Double(y) / 31).squareRoot()
      return (x < 16 ? [0.85, 0.2, 0.18] : [0.3, 0.66, 0.28]).map { $0 * light }
    }
    #expect(share(shaded) == 1)
    // A quarter of the red part is yellow: of 14 x 30 and 14 x 14 inner pixels 14 x 7 are uneven.
    let patched = image { x, y in
      x >= 16 ? [0.3, 0.66, 0.28] : y < 8 ? [0.96, 0.8, 0.2] : [0.85, 0.2, 0.18]
    }
    #expect(abs((share(patched) ?? 0) - Double(14 * 44 - 14 * 7) / Double(14 * 44)) < 1e-9)
    // White and dark grey have one hue, but no light makes one of the other.
    let striped = image { x, y in y % 2 == 0 ? [0.95, 0.95, 0.93] : [0.15, 0.15, 0.17] }
    #expect(abs((share(striped) ?? 0) - 0.5) < 0.01)
    #expect(ColourEvenness(of: shaded, parts: Array(repeating: 0, count: 32 * 32), border: 1).share == nil)
    let tiny = Image(width: 2, height: 2, grey: [1, 2, 3, 4])
    #expect(ColourEvenness(of: tiny, parts: [1, 1, 1, 1], border: 3).share == nil)
  }

  @Test("The error of depth is the mean absolute one")
  func depth() {
    let found = Plane(width: 2, height: 2, values: [0, 0.5, 1, 0.25]),
      wanted = Plane(width: 2, height: 2, values: [0.5, 0.5, 0, 0.5])
    #expect(found.meanAbsoluteDifference(from: wanted) == 0.4375)
  }
}
