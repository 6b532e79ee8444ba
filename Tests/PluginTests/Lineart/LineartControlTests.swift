import ARPG
import ARPGImageFiles
import ARPGTensor
import LineartControl
import TestSupport
import Testing

struct LineartControlTests {
  private let control = LineartControl()
  private let size = ImageSize(width: 128, height: 128)

  private func made(_ image: Image, _ options: [String: String] = [:], fit: ImageFit = .crop) throws -> PreparedControl
  {
    try control.controlImage(
      from: FittedImage(image, to: size, fit: fit), options: OptionValues(options, for: control.descriptor))
  }

  @Test("A photograph is searched for lines, a drawing has them, and the user may say which it is")
  func readings() throws {
    let photo = try ImageFile.read(Fixtures.path("images/cat.png"))
    let found = try made(photo)
    #expect(found.note == "read as a photograph; use input=lines if it is not")
    let expected = ExtendedDifferenceOfGaussians().lines(of: photo.centreCropped(to: size))
    #expect(found.image == Image(width: 128, height: 128, grey: expected))
    for isInverted in [false, true] {
      let drawn = try ImageFile.read(Fixtures.path("sketches/mug.png"))
      let sketch =
        isInverted ? Image(width: drawn.width, height: drawn.height, pixels: drawn.pixels.map { 255 - $0 }) : drawn
      let lines = try made(sketch)
      #expect(lines.note == "read as lines; use input=photo if it is not")
      #expect(lines.image == (try ImageFile.read(Fixtures.path("sketches/mug.prepared.png"))))
      #expect(try made(sketch, ["input": "lines"]).note == "read as lines")
      #expect(try made(sketch, ["input": "photo"]).image != lines.image)
    }
  }

  @Test("Options change the lines; an image without lines is told")
  func options() throws {
    let photo = try ImageFile.read(Fixtures.path("images/coffee.png"))
    let standard = try #require(try made(photo).image)
    for option in ["sigma": "3", "sharpness": "60", "threshold": "0.2", "softness": "0.1"] {
      #expect(try made(photo, [option.key: option.value]).image != standard, "\(option.key)")
    }
    let blank = Image(width: 20, height: 30, grey: Array(repeating: 90, count: 600))
    #expect(try made(blank).note?.contains("there are no lines in it") == true)
  }

  @Test("Padding has no lines, nor has the border of what is padded")
  func padding() throws {
    let photo = try ImageFile.read(Fixtures.path("images/cat.png"))
    let image = try #require(try made(photo, fit: .pad).image),
      rows = FittedImage(photo, to: size, fit: .pad).content.rows
    #expect(rows.count < 128)
    for y in 0..<128 where !rows.contains(y) {
      #expect(image.greyValues[y * 128..<(y + 1) * 128].allSatisfy { $0 == 0 })
    }
  }

  @Test("The control of a training image is its lines, and is stored as such")
  func training() throws {
    let photo = try ImageFile.read(Fixtures.path("renders/4.png")).centreCropped(to: size)
    let context = PreprocessingContext(imageSize: size)
    let lines = try #require(try control.control(of: TrainingImage(image: photo), in: context))
    let image = try #require(lines.image)
    #expect(image == (try made(photo, ["input": "photo"]).image) && image.isGrey)
    #expect(try control.storedControl(.image(image), in: context).values.values == lines.values.values)
  }

  @Test("Augmentation changes strength and softness within 0...1, as the stream says")
  func augmentation() {
    let lines = Plane(width: 24, height: 24, values: (0..<24 * 24).map { $0 % 24 == 12 ? 0.8 : 0 })
    func applied(_ augmentation: LineartAugmentation, _ number: UInt32) -> Plane {
      var random = PhiloxStream(Philox(seed: 1), name: SIMD3(number, 0, 0))
      return augmentation.applied(to: lines, using: &random)
    }
    var weaker = 0, stronger = 0
    for number: UInt32 in 0..<200 {
      #expect(applied(.none, number) == lines)
      let changed = applied(LineartAugmentation(), number)
      #expect(changed == applied(LineartAugmentation(), number) && changed.values.allSatisfy { 0...1 ~= $0 })
      let strength = applied(LineartAugmentation(strength: 1, blur: 0), number).values
      #expect(strength.indices.allSatisfy { (strength[$0] > 0) == ($0 % 24 == 12) })
      weaker += strength[12] < 0.8 ? 1 : 0
      stronger += strength[12] > 0.8 ? 1 : 0
      let soft = applied(LineartAugmentation(strength: 0, blur: 1), number).values
      #expect(soft[12] < 0.8 && soft[12] > soft[11] && soft[11] > 0)
      #expect(abs(soft.prefix(24).reduce(0, +) - 0.8) < 1e-4)
    }
    #expect(weaker > 40 && stronger > 80, "\(weaker), \(stronger)")
  }
}
