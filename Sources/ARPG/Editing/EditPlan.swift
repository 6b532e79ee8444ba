/// How an edit is done on a grid of codes: which are kept, and the windows in which the others are decoded.
package struct EditPlan: Sendable {
  /// A part of the grid, of the size that the decoder was trained for.
  package struct Window: Sendable, Equatable {
    /// Where it begins, in cells.
    package let row, column: Int
    /// The positions that it decodes, in its own raster order.
    package let fresh: [Int]
  }

  let canvas: EditCanvas
  /// The image as it lies on the grid.
  let fitted: FittedImage
  /// The size of the grid.
  package let rows, columns: Int
  /// The pixels of a cell along each side.
  let cell: Int
  /// Which cells are decoded anew.
  package private(set) var anew: [Bool]
  /// What is decoded, one window after the other; none where nothing is.
  package private(set) var windows: [Window] = []
  /// The size of a window in cells.
  private let window: (rows: Int, columns: Int)

  /// Lays an edit on a grid.
  ///
  /// - Parameters:
  ///   - layout: of the decoder.
  ///   - cell: the pixels of a code along each side.
  ///   - fit: how an image without margins is brought to the model's shape; one with margins keeps its own.
  /// - Throws: ``EditError``.
  package init(_ edit: Edit, layout: DecoderLayout, cell: Int, fit: ImageFit) throws(EditError) {
    canvas = try EditCanvas(edit)
    self.cell = cell
    window = (layout.rows, layout.columns)
    let side = ImageSize(width: layout.columns, height: layout.rows)
    let hasMargins = edit.margins != .none
    let grid = hasMargins ? try Self.grid(of: canvas.image, atLeast: side) : side
    (rows, columns) = (grid.height, grid.width)
    fitted = FittedImage(
      canvas.image, to: ImageSize(width: columns * cell, height: rows * cell), fit: hasMargins ? .stretch : fit)
    let coverage = fitted.place(canvas.anew, filter: .box, outside: 0).resized(to: grid, filter: .box)
    anew = coverage.values.map { Double($0) > edit.threshold + 1e-6 }
    for _ in 0..<edit.grow { anew = Self.grown(anew, rows: rows, columns: columns) }
    divide()
  }

  /// The share of the codes that are kept.
  var keptShare: Double { Double(anew.count { !$0 }) / Double(anew.count) }
  /// How many codes are decoded.
  var freshCount: Int { anew.count { $0 } }

  /// The smallest grid of the image's own shape whose shorter side is that of a window.
  private static func grid(of image: Image, atLeast side: ImageSize) throws(EditError) -> ImageSize {
    let scale = max(Double(side.width) / Double(image.width), Double(side.height) / Double(image.height))
    // An image that is nearly of a window's shape is stretched a little, rather than decoded in two pieces.
    func cells(_ length: Int, _ side: Int) -> Int {
      let cells = Double(length) * scale
      return cells < 1.125 * Double(side) ? side : Int(cells.rounded())
    }
    let grid = ImageSize(width: cells(image.width, side.width), height: cells(image.height, side.height))
    guard grid.width * grid.height <= maxCells else {
      throw .impossible(
        reason: "the image with its margins is \(image.width) x \(image.height), too long for its width",
        remedy: "continue it by less")
    }
    return grid
  }

  private static let maxCells = 1 << 14

  /// The cells that are set, and their neighbours.
  private static func grown(_ cells: [Bool], rows: Int, columns: Int) -> [Bool] {
    cells.indices.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return (max(0, row - 1)...min(rows - 1, row + 1)).contains { row in
        (max(0, column - 1)...min(columns - 1, column + 1)).contains { cells[row * columns + $0] }
      }
    }
  }

  /// Keeps some of the cells that would be decoded anew.
  mutating func keep(_ cells: some Sequence<Int>) {
    for cell in cells { anew[cell] = false }
    divide()
  }

  /// Divides what is to be decoded into windows that overlap by half: first those that decode much and know half of their cells, then
  /// those that know the most.
  private mutating func divide() {
    var rest = Tiling.starts(of: window.rows, along: rows).flatMap { row in
      Tiling.starts(of: window.columns, along: columns).map { (row: row, column: $0) }
    }
    var open = anew
    windows = []
    while true {
      let candidates = rest.enumerated().map { index, place in
        (index: index, fresh: cells(at: place).enumerated().filter { open[$0.element] }.map(\.offset))
      }.filter { !$0.fresh.isEmpty }
      let wellKnown = candidates.filter { 2 * $0.fresh.count <= window.rows * window.columns }
      guard
        let next = wellKnown.max(by: { $0.fresh.count < $1.fresh.count })
          ?? candidates.min(by: { $0.fresh.count < $1.fresh.count })
      else { return }
      let place = rest.remove(at: next.index), members = cells(at: place)
      windows.append(Window(row: place.row, column: place.column, fresh: next.fresh))
      for slot in next.fresh { open[members[slot]] = false }
    }
  }

  /// The cells of the grid in a window, in the window's raster order.
  package func cells(at place: (row: Int, column: Int)) -> [Int] {
    (0..<window.rows).flatMap { row in
      (0..<window.columns).map { (place.row + row) * columns + place.column + $0 }
    }
  }

  /// The codes that a window starts from; nil where it knows none.
  ///
  /// - Parameter grids: the codes of the whole grid, for each image.
  func known(in window: Window, of grids: [[Int]]) -> KnownCodes? {
    let members = cells(at: (window.row, window.column)), fresh = Set(window.fresh)
    let positions = members.indices.filter { !fresh.contains($0) }
    return positions.isEmpty
      ? nil : KnownCodes(positions: positions, codes: grids.map { grid in positions.map { grid[members[$0]] } })
  }

  /// A grid with the codes that a window decoded.
  func placing(_ codes: [Int], of window: Window, in grid: [Int]) -> [Int] {
    var grid = grid
    let members = cells(at: (window.row, window.column))
    for slot in window.fresh { grid[members[slot]] = codes[slot] }
    return grid
  }

  /// The part of another image on the canvas that a window shows.
  func part(of image: Image, fit: ImageFit, in window: Window) -> Image {
    FittedImage(image, to: fitted.size, fit: fit).cropped(
      columns: window.column * cell..<(window.column + self.window.columns) * cell,
      rows: window.row * cell..<(window.row + self.window.rows) * cell)
  }
}
