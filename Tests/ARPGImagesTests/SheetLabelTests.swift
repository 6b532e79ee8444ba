import ARPGImages
import Testing

struct SheetLabelTests {
  private let sheet = ContactSheet()

  private func image(_ grey: UInt8, width: Int = 120, height: Int = 40) -> Image {
    Image(width: width, height: height, grey: Array(repeating: grey, count: width * height))
  }

  /// A part of an image.
  private func part(_ image: Image, left: Int, top: Int, width: Int, height: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    for y in top..<top + height {
      let start = (y * image.width + left) * 3
      pixels += image.pixels[start..<start + width * 3]
    }
    return pixels
  }

  /// The rows of the text under an image of its own, `#` where it is black.
  private func drawing(_ text: String, scale: Int = 1) -> [String] {
    let labelled = sheet.image(of: [image(99, width: 120 * scale)], labels: [text])
    var rows: [String] = []
    for y in stride(from: 4 + 40 + 4, to: labelled.height - 4, by: scale) {
      var row = ""
      for x in stride(from: 4, to: labelled.width - 4, by: scale) {
        row += labelled.pixels[(y * labelled.width + x) * 3] == 0 ? "#" : "."
      }
      rows.append(row)
    }
    return rows
  }

  @Test func sheetsWithoutLabelsAreTheImagesAndTheirMargins() {
    let plain = sheet.image(of: [image(10), image(20, width: 60), image(30)])
    #expect(plain.width == 2 * 124 + 4 && plain.height == 2 * 44 + 4)
    #expect(Set(part(plain, left: 4, top: 4, width: 120, height: 40)) == [10])
    #expect(Set(part(plain, left: 128 + 30, top: 4, width: 60, height: 40)) == [20])
    #expect(Set(part(plain, left: 0, top: 0, width: plain.width, height: 4)) == [255])
    #expect(Set(part(plain, left: 128, top: 44, width: 124, height: 48)) == [255])
    #expect(sheet.image(of: [image(10)], labels: [""]).pixels.filter { $0 != 255 && $0 != 10 }.isEmpty)
  }

  @Test func lettersAreDrawnUnderTheImage() {
    #expect(
      drawing("L1").prefix(7).map { String($0.prefix(12)) } == [
        "#.......#...", "#......##...", "#.......#...", "#.......#...", "#.......#...", "#.......#...",
        "#####..###..",
      ])
    #expect(drawing("seed 7", scale: 3).first == drawing("seed 7").first)
  }

  @Test func everyPrintableCharacterDiffers() {
    let printable = (33...126).map { String(UnicodeScalar(UInt8($0))) }
    let drawings = Set(printable.map { drawing($0).joined() })
    #expect(drawings.count == printable.count)
    #expect(drawings.allSatisfy { $0.contains("#") })
    // What the font lacks is one box.
    #expect(drawing("é") == drawing("東") && drawing("é").joined().contains("#####"))
  }

  @Test func longTextIsBrokenAtSpacesAndCutAfterFourLines() {
    func lines(_ text: String) -> Int { drawing(text).count / 10 }
    #expect(lines("twenty letters here.") == 1)
    #expect(lines("twenty letters here and more") == 2 && lines("one\ntwo") == 2)
    #expect(lines(String(repeating: "x", count: 61)) == 4)
    #expect(lines(String(repeating: "word ", count: 10000)) == 4)
    #expect(lines(String(repeating: "x", count: 1_000_000)) == 4)
    #expect(drawing("one two") == drawing("one\ttwo".replacing("\t", with: " ")))
  }

  @Test func labelsHaveTheSameRoomAndTheImagesTheirPlaces() {
    let labelled = sheet.image(of: [image(10), image(20)], labels: ["a", "b\nc"])
    #expect(labelled.height == 4 + 40 + 4 + 20 + 4)
    #expect(Set(part(labelled, left: 4, top: 4, width: 120, height: 40)) == [10])
    #expect(Set(part(labelled, left: 128, top: 4, width: 120, height: 40)) == [20])
  }

  @Test func aTableHasHeadingsAboveAndOnTheLeft() {
    let images = (0..<6).map { image(UInt8(10 + $0)) }
    let table = sheet.table(of: images, columns: ["a", "b", "c"], rows: ["first", "second"])
    let left = 6 * 6 + 4, top = 10 + 4
    #expect(table.width == left + 3 * 124 + 4 && table.height == top + 2 * 44 + 4)
    for (index, image) in images.enumerated() {
      let place = part(
        table, left: left + 4 + index % 3 * 124, top: top + 4 + index / 3 * 44, width: 120, height: 40)
      #expect(place == image.pixels)
    }
    #expect(part(table, left: 0, top: top, width: left, height: 88).contains(0))
    #expect(part(table, left: left, top: 0, width: 124, height: top).contains(0))
    let bare = sheet.table(of: images, columns: ["", "", ""], rows: ["", ""])
    #expect(bare == ContactSheet(columns: 3).image(of: images))
  }

  @Test func aDarkSheetHasWhiteLetters() {
    let dark = ContactSheet(background: 0).image(of: [image(99)], labels: ["a"])
    #expect(Set(dark.pixels) == [0, 99, 255])
  }

  @Test func tinyImagesAndTallTextHaveRoom() {
    let tiny = Image(width: 1, height: 1, grey: [7])
    #expect(sheet.image(of: [tiny], labels: ["abc def"]).pixels.contains(7))
    #expect(sheet.table(of: [tiny], columns: ["abcdefghijkl"], rows: ["abcdefghijkl mnop"]).pixels.contains(7))
  }
}
