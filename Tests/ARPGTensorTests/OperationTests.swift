import ARPGTensor
import Testing

@Suite("Operations")
struct OperationTests {
  @Test("A row's product does not depend on the rows beside it, nor on the number of threads")
  func rowsAreIndependent() {
    let x = randomTensor(9, 200, seed: 1), w = randomTensor(300, 200, seed: 2)
    let whole = x.linear(w)
    for row in 0..<9 { #expect(x.slice(row..<row + 1).linear(w).values == whole.slice(row..<row + 1).values) }
  }

  @Test("The products of sampling and of training agree")
  func bothPaths() {
    let x = randomTensor(5, 67, seed: 1), w = randomTensor(31, 67, seed: 2)
    for (a, b) in zip(x.linear(w).values, x.tracked().linear(w).values) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("The rotary row of the prefix turns everything to zero")
  func prefixRow() {
    let table = RotaryTable(rows: 2, columns: 2, headDim: 8, base: 10000)
    #expect(table.rotate(randomTensor(1, 1, 16, seed: 1), at: [0]).values.allSatisfy { $0 == 0 })
  }

  @Test("Half of the pairs turn with the row, half with the column")
  func gridAxes() {
    let table = RotaryTable(rows: 3, columns: 5, headDim: 8, base: 10000)
    let x = randomTensor(1, 1, 8, seed: 1)
    let origin = table.rotate(x, at: [1]).values
    #expect(origin == x.values)
    let sameRow = table.rotate(x, at: [1 + 3]).values
    #expect(Array(sameRow[0..<4]) == Array(x.values[0..<4]) && Array(sameRow[4...]) != Array(x.values[4...]))
    let sameColumn = table.rotate(x, at: [1 + 10]).values
    #expect(Array(sameColumn[0..<4]) != Array(x.values[0..<4]) && Array(sameColumn[4...]) == Array(x.values[4...]))
  }

  @Test("Attention over a growing buffer is attention over the rows in use")
  func buffer() {
    let keys = randomTensor(2, 3, 8, seed: 1), values = randomTensor(2, 3, 8, seed: 2),
      q = randomTensor(2, 2, 8, seed: 3)
    let buffer = KeyValueBuffer(batch: 2, capacity: 7, dim: 8, heads: 2)
    let context = buffer.append(KeyValues(keys: keys, values: values))
    let direct = q.attend(KeyValues(keys: keys, values: values), heads: 2, causal: false)
    #expect(q.attend(context, heads: 2, causal: false).values == direct.values)
    _ = buffer.append(KeyValues(keys: values, values: keys))
    #expect(q.attend(context, heads: 2, causal: false).values == direct.values)
    #expect(buffer.length == 6)
  }

  @Test(
    "A buffer beside weights of less than 32 bits gives nearly the same, and the same for each row of a batch",
    arguments: [0, 17])
  func halfBuffer(padded: Int) {
    func near(_ a: Tensor, _ b: Tensor) -> Bool { zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-3 } }
    let dim = 24, keys = randomTensor(3, 40, dim, seed: 1), values = randomTensor(3, 40, dim, seed: 2)
    let q = randomTensor(3, 5, dim, seed: 3), padding = padded == 0 ? nil : [padded, 0, 3]
    func attended(_ rows: Range<Int>, _ weights: WeightPrecision, causal: Bool) -> Tensor {
      let buffer = KeyValueBuffer(
        batch: rows.count, capacity: 41, dim: dim, heads: 2, padding: padding.map { Array($0[rows]) }, beside: weights)
      func part(_ tensor: Tensor, _ places: Range<Int>) -> Tensor {
        let cut = rows.map { row -> Tensor in tensor.slice(row..<row + 1).reshaped(40, dim).slice(places) }
        return Tensor(shape: [rows.count, places.count, dim], values: cut.flatMap(\.values))
      }
      _ = buffer.append(KeyValues(keys: part(keys, 0..<30), values: part(values, 0..<30)))
      buffer.truncate(to: 19)
      var context = buffer.append(KeyValues(keys: part(keys, 19..<20), values: part(values, 19..<20)))
      context = buffer.append(KeyValues(keys: part(keys, 20..<40), values: part(values, 20..<40)))
      return q.slice(rows).attend(context, heads: 2, causal: causal)
    }
    for causal in [false, true] {
      let all = attended(0..<3, .int8, causal: causal)
      #expect(near(all, attended(0..<3, .float32, causal: causal)))
      for row in 0..<3 {
        #expect(attended(row..<row + 1, .float16, causal: causal).values == all.slice(row..<row + 1).values)
      }
    }
  }

  @Test("Parallel loops cover every index once", arguments: [0, 1, 2, 7, 1000])
  func coverage(count: Int) {
    let hits = Tensor(shape: [count], repeating: 0)
    Parallel.forRanges(count, grain: 3) { range in
      hits.withUnsafeMutableValues { values in for index in range { values[index] += 1 } }
    }
    Parallel.forEach(count) { index in hits.withUnsafeMutableValues { $0[index] += 1 } }
    #expect(hits.values.allSatisfy { $0 == 2 })
  }
}
