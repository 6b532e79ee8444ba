import ARPGImages
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

struct ResizeTests {
  struct Golden: Decodable {
    struct Resized: Decodable {
      let filter: String
      let width: Int
      let height: Int
      let pixels: Data
    }
    struct Area: Decodable {
      let width: Int
      let height: Int
      let values: Data
    }
    let width: Int
    let height: Int
    let pixels: Data
    let images: [Resized]
    let area: [Area]

    init() throws {
      let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/resize.json")))
      self = try JSONDecoder().decode(Self.self, from: data)
    }

    var source: Image { Image(width: width, height: height, pixels: Array(pixels)) }
  }

  private func difference(_ image: Image, _ expected: Image) -> Int {
    guard image.width == expected.width, image.height == expected.height else { return .max }
    return zip(image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: ["astronaut", "cat", "coffee"], [128, 256])
  func centreCropIsThatOfTheReference(name: String, size: Int) throws {
    let image = try ImageFile.read(Fixtures.path("images/\(name).png"))
    let expected = try ImageFile.read(Fixtures.path("images/\(name).crop-\(size).png"))
    #expect(difference(image.centreCropped(to: ImageSize(width: size, height: size)), expected) == 0)
  }

  @Test func filtersAreThoseOfTheReference() throws {
    let golden = try Golden()
    for row in golden.images {
      let filter = try #require(ResamplingFilter.allCases.first { "\($0)" == row.filter })
      let resized = golden.source.resized(to: ImageSize(width: row.width, height: row.height), filter: filter)
      let expected = Image(width: row.width, height: row.height, pixels: Array(row.pixels))
      #expect(difference(resized, expected) == 0, "\(row.filter) to \(row.width) x \(row.height)")
    }
  }

  @Test func planesAreAveragedByArea() throws {
    let golden = try Golden()
    let plane = Plane(
      width: golden.width, height: golden.height,
      values: stride(from: 0, to: golden.pixels.count, by: 3).map { Float(golden.pixels[$0]) / 255 })
    for row in golden.area {
      let resized = plane.resized(to: ImageSize(width: row.width, height: row.height), filter: .area)
      let expected = row.values.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      let most = zip(resized.values, expected).map { abs($0 - $1) }.max()
      #expect(try #require(most) < 1e-6, "\(row.width) x \(row.height)")
    }
  }

  @Test(arguments: ResamplingFilter.allCases)
  func constantImagesStayConstant(filter: ResamplingFilter) {
    let plane = Plane(width: 5, height: 3, values: [Float](repeating: 0.25, count: 15))
    let image = Image(width: 5, height: 3, grey: [UInt8](repeating: 77, count: 15))
    for size in [ImageSize(width: 1, height: 1), ImageSize(width: 2, height: 7), ImageSize(width: 33, height: 2)] {
      #expect(plane.resized(to: size, filter: filter).values.allSatisfy { abs($0 - 0.25) < 1e-6 })
      #expect(image.resized(to: size, filter: filter).pixels.allSatisfy { $0 == 77 })
    }
  }

  @Test func extremeShapesCropWithoutExtremeMemory() {
    let line = Image(width: 32768, height: 1, grey: (0..<32768).map { UInt8($0 % 256) })
    let cropped = line.centreCropped(to: ImageSize(width: 256, height: 256))
    #expect(cropped.width == 256 && cropped.height == 256)
    let plane = line.greyPlane.centreCropped(to: ImageSize(width: 256, height: 256))
    #expect(plane.width == 256 && plane.height == 256)
  }

  @Test func cropKeepsTheMiddle() {
    let row: [UInt8] = [0, 0, 0, 0, 100, 100, 100, 100, 200, 200, 200, 200]
    let pixels = row + row + row + row
    let image = Image(width: 12, height: 4, grey: pixels)
    #expect(image.centreCropped(to: ImageSize(width: 4, height: 4)).pixels.allSatisfy { $0 == 100 })
    #expect(image.greyPlane.centreCropped(to: ImageSize(width: 4, height: 4)).image.pixels.allSatisfy { $0 == 100 })
  }

  @Test func paddingCutsNothingOff() {
    let plane = Plane(width: 3, height: 1, values: [1, 2, 3])
    let square = plane.padded(toAspectOf: ImageSize(width: 64, height: 64), with: 0)
    #expect(square == Plane(width: 3, height: 3, values: [0, 0, 0, 1, 2, 3, 0, 0, 0]))
    #expect(plane.padded(toAspectOf: ImageSize(width: 96, height: 32), with: 0) == plane)
  }
}
