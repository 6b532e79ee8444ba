extension Tensor {
  /// For each row the index of the row of `table` with the largest dot product, the first of equals: `[..., dim]` and
  /// `[entries, dim]`.
  ///
  /// Products exist for a block of rows and entries at a time.
  public func nearestRows(in table: Tensor) -> [Int] {
    let dim = lastAxis
    precondition(table.shape.count == 2 && table.shape[1] == dim, "rows of \(shape) in a table of \(table.shape)")
    let rows = count / max(1, dim), entries = table.shape[0]
    let rowBlock = 64, entryBlock = 1024
    let nearest = IndexStorage(count: rows)
    Parallel.forEach((rows + rowBlock - 1) / rowBlock, scratch: rowBlock * entryBlock + rowBlock) { block, products in
      let range = block * rowBlock..<min(rows, (block + 1) * rowBlock)
      let best = products + rowBlock * entryBlock
      best.update(repeating: -.infinity, count: range.count)
      for first in stride(from: 0, to: entries, by: entryBlock) {
        let length = min(entryBlock, entries - first)
        kernels.multiply(
          pointer + range.lowerBound * dim, dim, 1, table.pointer + first * dim, 1, dim, products, length, range.count,
          length, dim, 0)
        for row in range {
          let (largest, index) = firstLargest(products + (row - range.lowerBound) * length, count: length)
          if largest > best[row - range.lowerBound] {
            best[row - range.lowerBound] = largest
            nearest.base[row] = first + index
          }
        }
      }
    }
    return Array(UnsafeBufferPointer(start: nearest.base, count: rows))
  }
}

/// Integers that several threads write, each to places of its own.
private final class IndexStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Int>

  init(count: Int) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: 0, count: count)
  }

  deinit { base.deallocate() }
}

/// The largest value that is a number, and the first place where it stands; -infinity and 0 where there is none.
private func firstLargest(_ values: UnsafePointer<Float>, count: Int) -> (Float, Int) {
  var lanes = SIMD16<Float>(repeating: -.infinity)
  let whole = count / 16 * 16
  for start in stride(from: 0, to: whole, by: 16) {
    let new = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD16<Float>.self)
    lanes.replace(with: new, where: new .> lanes)
  }
  var largest = lanes.max()
  for index in whole..<count where values[index] > largest { largest = values[index] }
  return (largest, UnsafeBufferPointer(start: values, count: count).firstIndex(of: largest) ?? 0)
}
