import ARPGImages
import Testing

struct MeasurementTests {
  @Test func theLargestIsWhiteAndZeroIsBlack() throws {
    let image = Image(width: 4, height: 1, measurements: [0, 5, 2.5, 10])
    #expect(image.deepGrey == [0, 32768, 16384, 65535])
    #expect(image.pixels == [0, 0, 0, 128, 128, 128, 64, 64, 64, 255, 255, 255])
    #expect(image.alpha == nil)
    let signed = Image(width: 3, height: 1, measurements: [-10, 0, 10])
    #expect(signed.deepGrey == [0, 32768, 65535])
  }

  @Test func measurementsThatFillTheUnitRangeStay() {
    let image = Image(width: 3, height: 1, measurements: [0, 0.5, 0.75])
    #expect(image.deepGrey == [0, 32768, 49151])
    let small = Image(width: 2, height: 1, measurements: [0.001, 0.002])
    #expect(small.deepGrey == [32768, 65535])
  }

  @Test func whatIsNotFiniteIsTransparent() {
    let image = Image(width: 4, height: 1, measurements: [.nan, 2, .infinity, 4])
    #expect(image.deepGrey == [0, 32768, 0, 65535])
    #expect(image.alpha == [0, 255, 0, 255])
    let none = Image(width: 2, height: 1, measurements: [.nan, -.infinity])
    #expect(none.deepGrey == [0, 0] && none.alpha == [0, 0])
  }

  @Test func singleHotPixelsDoNotSetTheScale() {
    var values = (0..<10000).map { 1 + Float($0 % 100) }
    values[77] = 1e30
    values[78] = -1e30
    let deepGrey = Image(width: 100, height: 100, measurements: values).deepGrey ?? []
    #expect(deepGrey[77] == 65535 && deepGrey[78] == 0)
    #expect(deepGrey[99] == 65535 && deepGrey[49] == 32768)
  }

  @Test(arguments: [0, 3, -3, Float.greatestFiniteMagnitude]) func oneValueEverywhereIsEven(value: Float) {
    let image = Image(width: 2, height: 1, measurements: [value, value])
    #expect(Set(image.deepGrey ?? []).count == 1)
  }

  @Test func theWholeRangeOfFloatsIsScaled() {
    let most = Float.greatestFiniteMagnitude
    let deepGrey = Image(width: 3, height: 1, measurements: [-most, 0, most]).deepGrey ?? []
    #expect(deepGrey.first == 0 && deepGrey.last == 65535 && (32767...32768).contains(deepGrey[1]))
  }

  @Test func photographsAreClamped() {
    let image = Image(width: 4, height: 1, measurements: [-1, 0.5, 1, 3], showing: .unitRange)
    #expect(image.pixels == [0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255])
    #expect(image.deepGrey == [0, 24576, 32768, 65535])
  }
}
