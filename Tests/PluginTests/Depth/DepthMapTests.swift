import ARPG
import DepthControl
import Testing

struct DepthMapTests {
  private func image(_ values: [UInt16], width: Int) -> Image {
    Image(
      width: width, height: values.count / width,
      pixels: values.flatMap { [UInt8](repeating: UInt8($0 / 257), count: 3) }, deepGrey: values)
  }

  @Test func inverseDepthIsStretched() {
    let plane = DepthMap(Image(width: 3, height: 1, grey: [50, 100, 150])).plane
    #expect(plane.width == 3 && plane.height == 1)
    #expect(zip(plane.values, [0, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func sixteenBitsCount() {
    let plane = DepthMap(image([1000, 1001, 1004], width: 3)).plane
    #expect(zip(plane.values, [0, 0.25, 1]).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func distancesAreInvertedAndUnknownOnesAreFar() {
    let plane = DepthMap(image([1000, 2000, 4000, 0], width: 2), encoding: .metric).plane
    // 1, 1/2 and 1/4 between 1/4 and 1; unknown.
    #expect(zip(plane.values, [1, 1.0 / 3, 0, 0]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func mapsWithoutDifferencesAreInTheMiddle() {
    for value: UInt16 in [0, 5, 65535] {
      for encoding in DepthMap.Encoding.allCases {
        let plane = DepthMap(image([value, value], width: 2), encoding: encoding).plane
        #expect(plane.values == [0.5, 0.5], "\(value), \(encoding)")
      }
    }
    #expect(DepthMap(image([7, 0], width: 2), encoding: .metric).plane.values == [0.5, 0])
  }

  @Test func theMiddleIsCroppedAndStaysInRange() {
    let row: [UInt8] = [0, 0, 255, 255, 0, 0]
    let wide = Image(width: 6, height: 2, grey: row + row)
    let cropped = DepthMap(wide).plane(on: FittedImage(wide, to: ImageSize(width: 8, height: 8)))
    #expect(cropped.width == 8 && cropped.height == 8)
    #expect(cropped.values.allSatisfy { (0...1).contains($0) })
    #expect(cropped.values[3 * 8 + 4] == 1)
    #expect(DepthMap(wide).plane(on: FittedImage(wide, to: ImageSize(width: 1, height: 1))).values[0] > 0.99)
  }

  @Test func darkMayBeNear() {
    let values: [UInt16] = [1000, 40000, 52000, 9]
    let bright = DepthMap(image(values, width: 2)).plane.values
    let dark = DepthMap(image(values.map { 65535 - $0 }, width: 2), isNearDark: true).plane.values
    #expect(zip(bright, dark).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func transparentPixelsAreFar() {
    let composed = Image(
      width: 4, height: 1, pixels: [10, 60, 110, 255].flatMap { [UInt8](repeating: $0, count: 3) },
      alpha: [255, 255, 255, 0])
    let map = DepthMap(composed)
    #expect(zip(map.plane.values, [0, 0.5, 1, 0]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(map.plane(on: FittedImage(composed, to: ImageSize(width: 4, height: 4), fit: .pad)).values[0] == 0)
  }

  @Test func fewHotPixelsTakeNothingOfTheRange() {
    var values = (0..<16384).map { UInt16(20000 + $0 % 128 * 100) }
    let clean = DepthMap(image(values, width: 128)).plane.values
    values[77] = 65535
    values[9000] = 0
    let found = DepthMap(image(values, width: 128)).plane.values
    #expect(zip(clean, found).enumerated().allSatisfy { $0 == 77 || $0 == 9000 || abs($1.0 - $1.1) < 1e-4 })
    #expect(found[77] == 1 && found[9000] == 0)
  }

  @Test func whatTellsNothingIsNoted() {
    #expect(DepthMap(Image(width: 2, height: 2, grey: [9, 9, 9, 9])).isFlat)
    #expect(!DepthMap(Image(width: 2, height: 1, grey: [9, 12])).isFlat)
    #expect(DepthMap(Image(width: 2, height: 1, pixels: [255, 0, 0, 0, 0, 255])).isColoured)
    #expect(!DepthMap(Image(width: 2, height: 1, pixels: [90, 96, 93, 10, 12, 9])).isColoured)
  }
}
