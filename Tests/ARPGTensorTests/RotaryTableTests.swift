import ARPGTensor
import Testing

@Suite("Rotary tables of another grid")
struct RotaryTableTests {
  private let x = randomTensor(1, 1, 24, seed: 1)

  /// A turned row of one head: four rates of rows in pairs, then four of columns, and half of them turned by nothing.
  private func turned(_ table: RotaryTable, row: Int, column: Int, columns: Int) -> [Float] {
    table.rotate(x, at: [1 + row * columns + column]).values
  }

  @Test("The table of the grid of training is the ordinary one, bit for bit", arguments: [1, 2, 16])
  func ownGrid(side: Int) {
    let ordinary = RotaryTable(rows: side, columns: side, headDim: 24, base: 10000)
    for fastRates in [0, 2, 6] {
      let table = RotaryTable(
        rows: side, columns: side, headDim: 24, base: 10000, trained: (side, side), fastRates: fastRates)
      for place in 0...side * side {
        #expect(table.rotate(x, at: [place]).values == ordinary.rotate(x, at: [place]).values)
      }
    }
  }

  @Test(
    "Slow rates span the places of training along each axis, fast ones keep their pace", arguments: [(8, 3), (2, 7)])
  func otherGrid(rows: Int, columns: Int) {
    let own = RotaryTable(rows: 4, columns: 4, headDim: 24, base: 10000)
    let table = RotaryTable(rows: rows, columns: columns, headDim: 24, base: 10000, trained: (4, 4))
    let corner = turned(table, row: rows - 1, column: columns - 1, columns: columns)
    let trained = turned(own, row: 3, column: 3, columns: 4)
    // Of the six pairs of each axis, the first two are fast.
    for axis in [0, 12] {
      #expect(zip(corner, trained).dropFirst(axis + 4).prefix(8).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    let plain = RotaryTable(rows: rows, columns: columns, headDim: 24, base: 10000)
    let unscaled = turned(plain, row: rows - 1, column: columns - 1, columns: columns)
    #expect(corner[0..<4] == unscaled[0..<4] && corner[12..<16] == unscaled[12..<16])
    #expect(corner != unscaled)
  }

  @Test("An axis of one place does not turn")
  func onePlace() {
    let table = RotaryTable(rows: 1, columns: 1, headDim: 24, base: 10000, trained: (4, 4))
    #expect(table.rotate(x, at: [1]).values == x.values)
  }
}
