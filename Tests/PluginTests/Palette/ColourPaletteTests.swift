import ARPG
import ARPGTensor
import PaletteControl
import Testing

struct ColourPaletteTests {
  private func shares(_ text: String) throws -> [String] {
    try ColourPalette(parsing: text).entries.map { "\($0.colour) \($0.share)" }
  }

  @Test("Colours, names and weights are read; the largest share stands first, others in their order")
  func parsing() throws {
    #expect(try shares("#aa3311") == ["#aa3311 256"])
    #expect(try shares("a31,#224466") == ["#aa3311 128", "#224466 128"])
    #expect(try shares("navy, Red:3") == ["#ff0000 192", "#000080 64"])
    #expect(try shares(" white : 0.5 ,\tlime:1.5") == ["#00ff00 192", "#ffffff 64"])
    #expect(try shares("black,white,red") == ["#000000 86", "#ffffff 85", "#ff0000 85"])
    // A colour that stands twice is one.
    #expect(try shares("red,navy,#f00,f00") == ["#ff0000 192", "#000080 64"])
    // The smallest share is one.
    #expect(try shares("red:1000,navy:0.001") == ["#ff0000 255", "#000080 1"])
  }

  @Test("What is no palette is refused in one line that says what it takes")
  func refusals() {
    func error(_ text: String) -> String {
      do {
        _ = try ColourPalette(parsing: text)
        return ""
      } catch {
        return "\(error)"
      }
    }
    for text in ["", " ", ",", "red,", ",red", "redd", "#12", "one\ntwo\r\nthree", "-1", "a\0b", "🦊", "red;navy"] {
      #expect(error(text).contains("is no colour; give 3 or 6 hexadecimal digits"), "\(text)")
      #expect(error(text).split(whereSeparator: \.isNewline).count == 1)
    }
    for weight in ["", "0", "-1", "nan", "inf", "1e9", "x", "1:2", "0.0001", String(repeating: "1", count: 9999)] {
      let text = error("navy,red:\(weight)")
      #expect(text.contains("is no number from 0.001 to 1000") && text.utf8.count < 300, "\(weight)")
    }
    let nine = Array(repeating: "red", count: 9).joined(separator: ",")
    #expect(error(nine) == PaletteError.tooMany.description)
    #expect(error(String(repeating: "word ", count: 8000)).utf8.count < 400)
    #expect(error(String(repeating: ",", count: 1 << 20)) == PaletteError.tooMany.description)
  }

  @Test("Shares add up, each at least one, and are the same when they are read from values and swatches")
  func roundTrips() throws {
    let generator = Philox(seed: 3)
    for number: UInt32 in 0..<300 {
      var random = PhiloxStream(generator, name: SIMD3(number, 0, RandomPurpose.custom(70).number))
      let count = 1 + Int(number) % 8
      let weighted = (0..<count).map { _ -> (colour: RGBColour, weight: Double) in
        // Few colours, so that some are the same.
        let channels = (0..<3).map { _ in UInt8(random.integer(in: 0..<3) * 127) }
        let weight = random.chance(0.3) ? 0.001 : Double(random.uniform(0.1, 1000))
        return (RGBColour(red: channels[0], green: channels[1], blue: channels[2]), weight)
      }
      let palette = ColourPalette(weighted), entries = palette.entries
      #expect(entries.reduce(0) { $0 + $1.share } == 256 && entries.allSatisfy { $0.share >= 1 })
      #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.share >= $1.share })
      #expect(Set(entries.map(\.colour)) == Set(weighted.map(\.colour)))
      #expect(try ColourPalette(swatches: palette.swatches) == palette)
      let context = PreprocessingContext(imageSize: nil)
      let stored = try PaletteControl().storedControl(.image(palette.swatches), in: context)
      #expect(stored.values.shape == [8, 4] && stored.values.values == palette.values.values)
      #expect(stored.image == palette.swatches && stored.values.values.allSatisfy { -1...1 ~= $0 })
    }
  }

  @Test("Other images than swatches are refused")
  func noSwatches() {
    let ramp = Image(width: 256, height: 2, grey: (0..<512).map { UInt8($0 % 256) })
    for image in [
      ramp, Image(width: 1, height: 1, grey: [7]), Image(width: 255, height: 1, grey: Array(repeating: 1, count: 255)),
    ] {
      #expect(throws: PaletteError.self) { try ColourPalette(swatches: image) }
    }
  }

  @Test("The dominant colours of flat areas are exactly theirs, by area")
  func flatAreas() {
    let colours: [[UInt8]] = [[200, 30, 40], [20, 60, 180], [240, 240, 230]]
    // Half, a quarter, a quarter; and some pixels of another, too few to count.
    let pixels = (0..<64 * 64).flatMap { pixel -> [UInt8] in
      pixel < 20 ? [0, 255, 0] : colours[pixel < 2048 ? 0 : pixel < 3072 ? 1 : 2]
    }
    let entries = ColourPalette(of: Image(width: 64, height: 64, pixels: pixels)).entries
    #expect(
      entries.map(\.colour.channels) == [colours[0], colours[1], colours[2]]
        || entries.map(\.colour.channels) == [colours[0], colours[2], colours[1]])
    #expect(entries.map(\.share).reduce(0, +) == 256 && abs(entries[0].share - 128) <= 1)
  }

  @Test("Dominant colours depend on how often each colour occurs alone, and shades of one colour are one")
  func statistics() {
    let generator = Philox(seed: 8)
    func noisy(_ level: Int, _ index: Int) -> UInt8 {
      let word = generator.words(at: SIMD4(UInt32(index), 1, 0, RandomPurpose.custom(71).number)).x
      return UInt8(clamping: level + Int(word % 9) - 4)
    }
    let pixels = (0..<48 * 48).map { pixel -> [UInt8] in
      let base = pixel % 48 < 32 ? [180, 60, 50] : [40, 120, 90]
      return base.enumerated().map { noisy($1, pixel * 3 + $0) }
    }
    let palette = ColourPalette(of: Image(width: 48, height: 48, pixels: pixels.flatMap { $0 }))
    #expect(palette.entries.count == 2)
    #expect(palette.entries.map { abs($0.share - 128) } == [43, 43])
    for (found, base) in zip(palette.entries, [[180, 60, 50], [40, 120, 90]]) {
      #expect(zip(found.colour.channels, base).allSatisfy { abs(Int($0) - $1) <= 1 })
    }
    // Another order of the pixels, another shape.
    let turned = pixels.indices.map { pixels[$0 * 35 % pixels.count] }
    #expect(ColourPalette(of: Image(width: 96, height: 24, pixels: turned.flatMap { $0 })) == palette)
  }

  @Test("Any image has a palette, the smallest and the most colourful too")
  func anyImage() {
    #expect(ColourPalette(of: Image(width: 1, height: 1, pixels: [1, 2, 3])).entries.map(\.share) == [256])
    var all: [UInt8] = []
    for number in 0..<1 << 18 {
      let channels = [number & 63, number >> 6 & 63, number >> 12]
      all += channels.map { UInt8(4 * $0) }
    }
    let entries = ColourPalette(of: Image(width: 512, height: 512, pixels: all)).entries
    #expect(entries.count == 8 && entries.reduce(0) { $0 + $1.share } == 256)
  }

  @Test("Augmentation gives palettes of colours near those of the image, and of each kind some")
  func augmentation() throws {
    let palette = try ColourPalette(parsing: "#336699:5,maroon:2,white,#102030:0.5")
    var counts: Set<Int> = [], equal = 0, same = 0
    for number: UInt32 in 0..<400 {
      var random = PhiloxStream(Philox(seed: 2), name: SIMD3(number, 0, RandomPurpose.custom(72).number))
      var again = random
      let changed = PaletteAugmentation().applied(to: palette, using: &random)
      #expect(changed == PaletteAugmentation().applied(to: palette, using: &again))
      counts.insert(changed.entries.count)
      let found = changed.entries.map(\.share)
      equal += (found.max() ?? 0) - (found.min() ?? 0) <= 1 ? 1 : 0
      same += changed == palette ? 1 : 0
      for entry in changed.entries {
        #expect(
          palette.entries.contains { own in
            zip(own.colour.channels, entry.colour.channels).allSatisfy { abs(Int($0) - Int($1)) < 40 }
          })
      }
      #expect(PaletteAugmentation.none.applied(to: palette, using: &random) == palette)
    }
    #expect(counts == [1, 2, 3, 4])
    #expect(200..<320 ~= equal && 40..<100 ~= same, "\(equal), \(same)")
  }
}
