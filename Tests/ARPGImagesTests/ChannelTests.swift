import ARPGImages
import Testing

struct ChannelTests {
  @Test("An image is the image of its channels, bit for bit")
  func roundTrip() {
    let pixels = (0..<3 * 256).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 3) }
    let alpha = (0...255).map { UInt8($0) }
    let image = Image(width: 64, height: 4, pixels: pixels, alpha: alpha)
    let planes = (0..<3).map { image.plane(ofChannel: $0) }
    #expect(planes[1].values[5] == Float(pixels[16]) / 255)
    #expect(Image(red: planes[0], green: planes[1], blue: planes[2], alpha: image.alphaPlane) == image)
  }

  @Test("Values beyond the range are clamped, and what is no number is black")
  func clamped() {
    let plane = Plane(width: 4, height: 1, values: [-1, 2, .nan, 0.5])
    #expect(Image(red: plane, green: plane, blue: plane).greyValues == [0, 255, 0, 128])
  }
}
