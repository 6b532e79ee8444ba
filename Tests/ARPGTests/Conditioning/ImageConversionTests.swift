import ARPG
import ARPGImageFiles
import ARPGTensor
import TestSupport
import Testing

struct ImageConversionTests {
  @Test(arguments: ["astronaut", "cat", "coffee"])
  func greyIsThatOfTheReference(name: String) throws {
    let image = try ImageFile.read(Fixtures.path("images/\(name).png"))
    let expected = try ImageFile.read(Fixtures.path("images/\(name).grey.png"))
    #expect(image.greyValues == expected.greyValues)
    #expect(expected.isGrey)
  }

  @Test func greyStaysAsItIs() {
    let values = (0...255).map { UInt8($0) }
    #expect(Image(width: 16, height: 16, grey: values).greyValues == values)
  }

  @Test func deepGreyGoesIntoThePlane() {
    let image = Image(width: 2, height: 1, pixels: [0, 0, 0, 1, 1, 1], deepGrey: [100, 257])
    #expect(image.greyPlane.values == [100 / 65535, 257 / 65535])
  }

  @Test func everyLevelSurvivesTheTensor() {
    let pixels = (0..<256 * 3).map { UInt8($0 % 251) }
    let image = Image(width: 16, height: 16, pixels: pixels)
    let tensor = image.tensor
    #expect(tensor.shape == [3, 16, 16])
    #expect(tensor.values[256] == Float(pixels[1]) / 127.5 - 1)
    #expect(Image(tensor: tensor) == image)
  }

  @Test func decodedValuesAreClampedAndTruncated() {
    let values: [Float] = [-2, -1, 0, 0.999, 1, .nan, .infinity, -.infinity, 0.004]
    let image = Image(tensor: Tensor(shape: [3, 1, 3], values: values))
    #expect(image.pixels == [0, 255, 255, 0, 255, 0, 128, 0, 128])
  }

  @Test func planesBecomeImagesAndTensors() {
    let plane = Plane(width: 3, height: 1, values: [-1, 0.5, 2])
    #expect(plane.image.pixels == [0, 0, 0, 128, 128, 128, 255, 255, 255])
    #expect(plane.controlTensor.shape == [3, 1, 3])
    #expect(plane.controlTensor.values == [-3, 0, 3, -3, 0, 3, -3, 0, 3])
  }

  @Test func sheetsHoldEveryImage() {
    let red = Image(width: 2, height: 1, pixels: [255, 0, 0, 255, 0, 0])
    let dot = Image(width: 1, height: 1, pixels: [1, 2, 3])
    let sheet = ContactSheet(margin: 1, background: 9).image(of: [red, dot, dot])
    #expect(sheet.width == 7 && sheet.height == 5)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(sheet.pixels[(y * 7 + x) * 3..<(y * 7 + x) * 3 + 3]) }
    #expect(pixel(0, 0) == [9, 9, 9])
    #expect(pixel(1, 1) == [255, 0, 0] && pixel(2, 1) == [255, 0, 0])
    #expect(pixel(4, 1) == [1, 2, 3] && pixel(5, 1) == [9, 9, 9])
    #expect(pixel(1, 3) == [1, 2, 3])
    #expect(ContactSheet(columns: 5, margin: 0).image(of: [dot, dot]).width == 2)
  }
}
