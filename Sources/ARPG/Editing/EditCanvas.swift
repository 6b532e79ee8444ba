/// The image of an edit with its margins, and what of it is to be decoded anew.
struct EditCanvas: Sendable {
  /// The image, continued by its outermost pixels over the margins.
  let image: Image
  /// How much of each pixel is to be new, 0 to 1.
  let anew: Plane
  /// What the user should know.
  let notes: [String]

  /// Lays out an edit.
  ///
  /// - Throws: ``EditError`` for settings out of their ranges.
  init(_ edit: Edit) throws(EditError) {
    try edit.validate()
    let margins = edit.margins
    let size = ImageSize(
      width: edit.image.width + margins.left + margins.right, height: edit.image.height + margins.top + margins.bottom)
    let columns = margins.left..<margins.left + edit.image.width, rows = margins.top..<margins.top + edit.image.height
    image = margins == .none ? edit.image : edit.image.continued(to: size, columns: columns, rows: rows)
    var notes: [String] = []
    let inner = Self.inner(edit, &notes)
    var values = [Float](repeating: 1, count: size.width * size.height)
    for (index, row) in rows.enumerated() {
      let start = row * size.width + columns.lowerBound
      values.replaceSubrange(
        start..<start + columns.count, with: inner[index * columns.count..<(index + 1) * columns.count])
    }
    anew = Plane(width: size.width, height: size.height, values: values)
    self.notes = notes
  }

  /// What of the image itself is to be new.
  private static func inner(_ edit: Edit, _ notes: inout [String]) -> [Float] {
    let image = edit.image, size = ImageSize(width: image.width, height: image.height)
    let count = image.width * image.height
    var values = [Float](repeating: 0, count: count)
    if let mask = edit.mask {
      values = Self.values(of: mask, on: size)
      if !values.contains(where: { $0 > 0 }) {
        notes.append("the mask is black everywhere: paint white what is to change")
      }
    } else if edit.boxes.isEmpty, edit.margins == .none {
      values = image.alpha.map { $0.map { 1 - Float($0) / 255 } } ?? Array(repeating: 1, count: count)
    }
    for box in edit.boxes {
      guard let (columns, rows) = box.pixels(of: size) else {
        notes.append("the box \(box) lies outside of the image of \(size.width) x \(size.height) pixels, or is empty")
        continue
      }
      for row in rows { for column in columns { values[row * size.width + column] = 1 } }
    }
    return values
  }

  private static func values(of mask: Image, on size: ImageSize) -> [Float] {
    let painted = FittedImage(mask, to: size, fit: .stretch).mask.values
    guard !painted.contains(where: { $0 > 0 }), let alpha = mask.alphaPlane else { return painted }
    // A mask in one colour says by its opacity what it means.
    return FittedImage(mask, to: size, fit: .stretch).place(alpha, outside: 0).values.map { min(max($0, 0), 1) }
  }
}

extension Edit {
  /// Margins of more pixels than an image may have are a mistake.
  private static let maxMargin = 1 << 14
  private static let maxPixels = 1 << 27

  fileprivate func validate() throws(EditError) {
    func require(_ condition: Bool, _ setting: String, _ found: Any, _ expected: String) throws(EditError) {
      if !condition { throw .outOfRange(setting: setting, found: "\(found)", expected: expected) }
    }
    try require(0..<1 ~= threshold, "mask-threshold", threshold, "0 to less than 1")
    try require(0...256 ~= grow, "grow", grow, "0 to 256 cells")
    if let keep { try require(0...1 ~= keep.share, "keep", keep.share, "0 to 1") }
    for (side, margin) in [
      ("left", margins.left), ("top", margins.top), ("right", margins.right), ("bottom", margins.bottom),
    ] {
      try require(0...Self.maxMargin ~= margin, "outpaint: \(side)", margin, "0 to \(Self.maxMargin) pixels")
    }
    let pixels =
      (image.width + margins.left + margins.right) * (image.height + margins.top + margins.bottom)
    try require(pixels <= Self.maxPixels, "the image with its margins", "\(pixels) pixels", "at most \(Self.maxPixels)")
  }
}
