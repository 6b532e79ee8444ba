extension ContactSheet {
  /// The sheet of the images with a text under each, in letters that grow with the images. Traps where there are none, or
  /// not a label for each.
  public func image(of images: [Image], labels: [String]) -> Image {
    precondition(images.count == labels.count, "\(images.count) images have \(labels.count) labels")
    let width = images.map(\.width).max() ?? 1, height = images.map(\.height).max() ?? 1
    let texts = labels.map { TextBlock($0, width: width, scale: TextBlock.scale(for: width)) }
    let room = texts.map(\.height).max() ?? 0
    return image(
      of: zip(images, texts).map { image, text in
        var canvas = Canvas(width: width, height: height + gap + room, grey: background)
        canvas.place(image, left: (width - image.width) / 2, top: (height - image.height) / 2)
        canvas.write(text, left: 0, top: height + gap, grey: ink)
        return canvas.image
      })
  }

  /// A table of images: row by row, with a heading above each column and on the left of each row. A heading may be empty.
  /// Traps where there is no image, or not one for each row and column.
  public func table(of images: [Image], columns: [String], rows: [String]) -> Image {
    precondition(
      !images.isEmpty && images.count == columns.count * rows.count,
      "\(images.count) images are no table of \(rows.count) rows and \(columns.count) columns")
    let width = images.map(\.width).max() ?? 1, height = images.map(\.height).max() ?? 1
    let scale = TextBlock.scale(for: width)
    func texts(_ headings: [String]) -> [TextBlock] { headings.map { TextBlock($0, width: width, scale: scale) } }
    let columnTexts = texts(columns), rowTexts = texts(rows)
    let sheet = ContactSheet(columns: columns.count, margin: margin, background: background).image(of: images)
    let left = room(rowTexts.map(\.width)), top = room(columnTexts.map(\.height))
    var canvas = Canvas(width: left + sheet.width, height: top + sheet.height, grey: background)
    canvas.place(sheet, left: left, top: top)
    for (index, text) in columnTexts.enumerated() {
      let middle = left + margin + index * (width + margin) + width / 2
      canvas.write(text, left: middle - text.width / 2, top: top - text.height, grey: ink)
    }
    for (index, text) in rowTexts.enumerated() {
      let middle = top + margin + index * (height + margin) + height / 2
      canvas.write(text, left: gap, top: middle - text.height / 2, grey: ink)
    }
    return canvas.image
  }

  /// The pixels between an image and its text.
  private var gap: Int { 4 }

  /// The grey of text: black, or white on a dark sheet.
  private var ink: UInt8 { background < 128 ? 255 : 0 }

  /// The room for texts of some lengths; none where all are empty.
  private func room(_ lengths: [Int]) -> Int { lengths.max().map { $0 > 0 ? $0 + gap : 0 } ?? 0 }
}
