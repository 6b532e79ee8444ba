/// Scores as lines of text, a row for each kind of image.
struct ScoreTable {
  /// The headings of the columns.
  let columns: [String]
  /// What each row is called, and a cell for each column; empty where there is nothing to tell.
  let rows: [(name: String, cells: [String])]

  /// The headings, and a line for each row.
  var lines: [String] {
    let names = max(18, (rows.map(\.name.count).max() ?? 0) + 2)
    return ([("", columns)] + rows).map { name, cells in
      name.padded(to: names)
        + zip(columns, cells).map { column, cell in
          String(repeating: " ", count: max(1, max(13, column.count + 2) - cell.count)) + cell
        }.joined()
    }
  }
}
