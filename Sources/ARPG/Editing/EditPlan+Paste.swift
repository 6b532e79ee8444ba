extension EditPlan {
  /// The finished image: what the tokenizer decoded of the whole grid, joined to the image of the edit, which keeps its size. Where
  /// nothing of it is left, what was decoded.
  ///
  /// - Parameter weights: from ``weights(_:)``.
  func finished(_ decoded: Image, weights: Plane) -> Image {
    if weights.values.allSatisfy({ $0 >= 1 }) { return decoded }
    return canvas.image.mixed(with: placed(decoded), weights: weights)
  }

  /// How much of each pixel is new.
  func weights(_ paste: EditPaste) -> Plane {
    let image = canvas.image, (columns, rows) = fitted.visible
    let isNew = cellsAdded
    var values = canvas.anew.values
    for y in 0..<image.height {
      for x in 0..<image.width where values[y * image.width + x] < 1 && isNew(x, y) { values[y * image.width + x] = 1 }
    }
    switch paste {
    case .none: for index in values.indices { values[index] = 1 }
    case .hard: for index in values.indices { values[index] = values[index] >= 0.5 ? 1 : 0 }
    case .feather:
      // Half of the blur lies outside of the mask, where codes are kept and decode to nearly the same.
      let scale = Float(max(columns.count, rows.count)) / Float(max(fitted.size.width, fitted.size.height))
      let plane = Plane(width: image.width, height: image.height, values: values)
      let blurred = plane.blurred(sigma: max(0.5, Float(cell) / 4 * scale)).values
      for index in values.indices { values[index] = max(values[index], min(1, 2 * blurred[index])) }
    }
    if columns.count < image.width || rows.count < image.height {
      for y in 0..<image.height {
        for x in 0..<image.width where !columns.contains(x) || !rows.contains(y) { values[y * image.width + x] = 0 }
      }
    }
    return Plane(width: image.width, height: image.height, values: values)
  }

  /// Whether a pixel of the canvas lies in a cell that is decoded anew only since the mask was grown.
  private var cellsAdded: (Int, Int) -> Bool {
    let (shown, lines) = fitted.visible, (across, down) = fitted.content
    let covered = fitted.place(canvas.anew, filter: .box, outside: 0)
      .resized(to: ImageSize(width: columns, height: rows), filter: .box).values
    let added = anew.indices.map { anew[$0] && covered[$0] == 0 }
    guard added.contains(true) else { return { _, _ in false } }
    func cell(_ place: Int, _ from: Range<Int>, _ to: Range<Int>) -> Int {
      (to.lowerBound + (2 * (place - from.lowerBound) + 1) * to.count / (2 * from.count)) / self.cell
    }
    return { x, y in
      guard shown.contains(x), lines.contains(y) else { return false }
      return added[cell(y, lines, down) * columns + cell(x, shown, across)]
    }
  }

  /// What was decoded, where it lies in the image.
  private func placed(_ decoded: Image) -> Image {
    guard !fitted.isSourceSize else { return decoded }
    let (shown, lines) = fitted.visible, (across, down) = fitted.content
    let inner = decoded.cropped(columns: across, rows: down)
    let size = ImageSize(width: shown.count, height: lines.count)
    let isSmaller = size.width < inner.width || size.height < inner.height
    let scaled = inner.resized(to: size, filter: isSmaller ? .area : .bicubic)
    return scaled.continued(
      to: ImageSize(width: canvas.image.width, height: canvas.image.height), columns: shown, rows: lines)
  }
}
