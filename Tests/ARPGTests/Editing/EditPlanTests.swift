import ARPG
import ARPGImages
import Foundation
import Testing

@Suite("What an edit decodes anew")
struct EditPlanTests {
  private let layout = DecoderLayout(rows: 4, columns: 4, vocab: 8, dim: 8, injectableLayers: 0, classes: 0)
  private let cell = 4

  private func grey(_ width: Int, _ height: Int, _ value: (_ x: Int, _ y: Int) -> Int) -> Image {
    Image(
      width: width, height: height,
      grey: (0..<width * height).map { UInt8(clamping: value($0 % width, $0 / width)) })
  }

  private func plan(_ edit: Edit, fit: ImageFit = .crop) throws -> EditPlan {
    try EditPlan(edit, layout: layout, cell: cell, fit: fit)
  }

  @Test("Every mask over cells, all 65536 of them by their rows, is taken cell by cell")
  func cells() throws {
    let image = grey(16, 16) { x, y in x * y }
    // Rows are independent: each of the 16 patterns in each row.
    for pattern in 0..<16 {
      for row in 0..<4 {
        let mask = grey(16, 16) { x, y in y / 4 == row && pattern >> (x / 4) & 1 == 1 ? 255 : 0 }
        let wanted = (0..<16).map { $0 / 4 == row && pattern >> ($0 % 4) & 1 == 1 }
        #expect(try plan(Edit(image, mask: mask)).anew == wanted)
      }
    }
  }

  @Test("A cell is anew where the mask covers more than the threshold; growing adds its neighbours")
  func threshold() throws {
    let image = grey(16, 16) { _, _ in 100 }
    for covered in 0...16 {
      // So many pixels of the cell at row 1, column 1.
      let mask = grey(16, 16) { x, y in
        (4..<8).contains(x) && (4..<8).contains(y) && (y - 4) * 4 + x - 4 < covered ? 255 : 0
      }
      for threshold in [0, 0.1, 0.25, 0.5, 0.9] {
        let anew = try plan(Edit(image, mask: mask, threshold: threshold)).anew
        #expect(anew.contains(true) == (Double(covered) / 16 > threshold), "\(covered) pixels, \(threshold)")
      }
    }
    let dot = grey(16, 16) { x, y in x == 5 && y == 5 ? 255 : 0 }
    let grown = try plan(Edit(image, mask: dot, threshold: 0, grow: 1)).anew
    #expect(grown == (0..<16).map { $0 / 4 <= 2 && $0 % 4 <= 2 })
    #expect(try plan(Edit(image, mask: dot, threshold: 0, grow: 9)).anew.allSatisfy { $0 })
  }

  @Test("Masks of any size lie over the image; paint and opacity both count")
  func kinds() throws {
    let image = grey(16, 16) { _, _ in 100 }
    let left = (0..<16).map { $0 % 4 < 2 }
    for (width, height) in [(2, 1), (16, 16), (64, 8), (200, 333)] {
      let mask = grey(width, height) { x, _ in x < width / 2 ? 255 : 0 }
      #expect(try plan(Edit(image, mask: mask, threshold: 0.3)).anew == left, "\(width) x \(height)")
    }
    let alpha = (0..<256).map { UInt8($0 % 16 < 8 ? 255 : 0) }
    for colour in [UInt8(255), 0] {
      // White on nothing; black on nothing, whose colours over white are those of the paper.
      let pixels = alpha.flatMap { opaque in Array(repeating: opaque == 255 ? colour : 255, count: 3) }
      #expect(try plan(Edit(image, mask: Image(width: 16, height: 16, pixels: pixels, alpha: alpha))).anew == left)
    }
    let hole = Image(width: 16, height: 16, pixels: image.pixels, alpha: alpha)
    #expect(try plan(Edit(hole)).anew == left.map { !$0 })
    #expect(try plan(Edit(image)).anew.allSatisfy { $0 })
  }

  @Test("Boxes in pixels and per cent; those outside change nothing and are told")
  func boxes() throws {
    let image = grey(16, 16) { _, _ in 100 }
    for text in ["0,0,8,8", "0%,0%,50%,50%", "0,0,50%,8", "-4,-4,12,12", "-1e8,-1e8,100000008,100000008"] {
      let box = try #require(EditBox(text), "\(text)")
      #expect(try plan(Edit(image, boxes: [box])).anew == (0..<16).map { $0 / 4 < 2 && $0 % 4 < 2 }, "\(text)")
    }
    for text in ["20,0,4,4", "0,0,0,4", "-9,0,4,4", "200%,0,4,4"] {
      let plan = try plan(Edit(image, boxes: [#require(EditBox(text))]))
      #expect(!plan.anew.contains(true) && plan.notes.contains { $0.contains("outside") }, "\(text)")
    }
    for text in ["", "1,2,3", "1,2,3,4,5", "a,0,1,1", "0,0,-1,4", "nan,0,1,1", "inf,0,1,1", "1e99,0,1,1", "%,0,1,1"] {
      #expect(EditBox(text) == nil, "\(text)")
    }
    for text in ["1,2,3,4", "12.5%,0,50%,7"] { #expect(EditBox(text)?.description == text) }
  }

  @Test("Windows decode every cell that is anew once, whatever the shape", arguments: 0..<40)
  func windows(seed: Int) throws {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ range: ClosedRange<Int>) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return range.lowerBound + Int(state % UInt64(range.count))
    }
    let image = grey(random(1...60), random(1...60)) { x, y in x + y }
    let margins = EditMargins(left: random(0...40), top: random(0...40), right: random(0...40), bottom: random(0...40))
    let plan = try plan(Edit(image, margins: margins, threshold: 0.1))
    var seen = [Int](repeating: 0, count: plan.anew.count)
    for window in plan.windows {
      let cells = plan.cells(at: (window.row, window.column))
      for slot in window.fresh { seen[cells[slot]] += 1 }
    }
    #expect(seen == plan.anew.map { $0 ? 1 : 0 })
    #expect(margins != .none || plan.rows * plan.columns == 16)
    // A window after the first knows something of the image or of windows before it.
    #expect(plan.windows.dropFirst().allSatisfy { $0.fresh.count < 16 } || !plan.anew.contains(false))
  }

  @Test("Settings out of range are refused, and name the option")
  func ranges() throws {
    let image = grey(16, 16) { _, _ in 100 }
    for (edit, word) in [
      (Edit(image, threshold: 1), "mask-threshold"), (Edit(image, threshold: .nan), "mask-threshold"),
      (Edit(image, grow: -1), "grow"), (Edit(image, keep: KeptShare(1.5)), "keep"),
      (Edit(image, margins: EditMargins(left: -1)), "left"), (Edit(image, margins: EditMargins(top: 1 << 20)), "top"),
    ] {
      let error = #expect(throws: EditError.self) { try plan(edit) }
      #expect(error?.description.contains(word) == true)
    }
    let strip = Image(width: 1, height: 1, grey: [3])
    #expect(throws: EditError.self) {
      try plan(Edit(strip, margins: EditMargins(left: 1 << 14)))
    }
  }

  @Test("Mixing is in linear light: half of black and white is 188; a weight of 0 keeps, 1 takes")
  func mixing() {
    let black = grey(3, 1) { _, _ in 0 }, white = grey(3, 1) { _, _ in 255 }
    let mixed = black.mixed(with: white, weights: Plane(width: 3, height: 1, values: [0, 0.5, 1]))
    #expect(mixed.pixels == [0, 0, 0, 188, 188, 188, 255, 255, 255])
  }

  @Test("An edit is the same after a way through JSON")
  func json() throws {
    let image = grey(5, 4) { x, y in x * 40 + y }
    let edit = Edit(
      image, codes: [1, 2], mask: grey(2, 2) { x, _ in x * 255 }, boxes: [try #require(EditBox("1,2%,3,4"))],
      margins: EditMargins(left: 3), threshold: 0.3, grow: 2, keep: KeptShare(0.5, by: .edges), paste: .hard)
    #expect(try JSONDecoder().decode(Edit.self, from: JSONEncoder().encode(edit)) == edit)
    let plain = try JSONDecoder().decode(Edit.self, from: JSONEncoder().encode(["image": image]))
    #expect(plain == Edit(image))
  }
}
