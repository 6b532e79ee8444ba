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
    let plane = DepthMap.plane(of: Image(width: 3, height: 1, grey: [50, 100, 150]), size: nil)
    #expect(plane.width == 3 && plane.height == 1)
    #expect(zip(plane.values, [0, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func sixteenBitsCount() {
    let plane = DepthMap.plane(of: image([1000, 1001, 1004], width: 3), size: nil)
    #expect(zip(plane.values, [0, 0.25, 1]).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func distancesAreInvertedAndUnknownOnesAreFar() {
    let plane = DepthMap.plane(of: image([1000, 2000, 4000, 0], width: 2), encoding: .metric, size: nil)
    // 1, 1/2 and 1/4 between 1/4 and 1; unknown.
    #expect(zip(plane.values, [1, 1.0 / 3, 0, 0]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func mapsWithoutDifferencesAreInTheMiddle() {
    for value: UInt16 in [0, 5, 65535] {
      for encoding in DepthMap.Encoding.allCases {
        let plane = DepthMap.plane(of: image([value, value], width: 2), encoding: encoding, size: nil)
        #expect(plane.values == [0.5, 0.5], "\(value), \(encoding)")
      }
    }
    #expect(DepthMap.plane(of: image([7, 0], width: 2), encoding: .metric, size: nil).values == [0.5, 0])
  }

  @Test func theMiddleIsCroppedAndStaysInRange() {
    let row: [UInt8] = [0, 0, 255, 255, 0, 0]
    let wide = Image(width: 6, height: 2, grey: row + row)
    let cropped = DepthMap.plane(of: wide, size: ImageSize(width: 8, height: 8))
    #expect(cropped.width == 8 && cropped.height == 8)
    #expect(cropped.values.allSatisfy { (0...1).contains($0) })
    #expect(cropped.values[3 * 8 + 4] == 1)
    #expect(DepthMap.plane(of: wide, size: ImageSize(width: 1, height: 1)).values[0] > 0.99)
  }
}
