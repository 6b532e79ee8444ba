import ARPGKernels

/// Keys and values in half precision, as the kernels attend to them: half as much to read, and the scores of sixteen keys side by side.
/// For the states of decoders whose weights have less than 32 bits; what is beyond 65504 is clamped.
///
/// It is written beyond the rows that anyone has been shown, which is why it may be shared.
final class HalfKeyValues: @unchecked Sendable {
  let batch, capacity, heads, headDim: Int
  private let memory: TensorStorage

  /// Room for `capacity` rows of each row of the batch.
  init(batch: Int, capacity: Int, heads: Int, headDim: Int) {
    (self.batch, self.capacity, self.heads, self.headDim) = (batch, capacity, heads, headDim)
    let halves = batch * heads * (Self.padded(capacity) + capacity) * headDim
    memory = TensorStorage(count: (halves + 1) / 2)
    memory.base.update(repeating: 0, count: memory.count)
  }

  /// As many keys as whole panels have.
  static func padded(_ keys: Int) -> Int {
    let panel = Int(ARPG_KEY_PANEL)
    return (keys + panel - 1) / panel * panel
  }

  private var base: UnsafeMutablePointer<UInt16> {
    UnsafeMutableRawPointer(memory.base).assumingMemoryBound(to: UInt16.self)
  }

  /// The keys of a head of a row of the batch, in panels.
  func keys(_ head: Int) -> UnsafeMutablePointer<UInt16> { base + head * Self.padded(capacity) * headDim }

  /// The values of a head of a row of the batch, one after another.
  func values(_ head: Int) -> UnsafeMutablePointer<UInt16> {
    base + (batch * heads * Self.padded(capacity) + head * capacity) * headDim
  }

  /// Writes rows `[batch, n, dim]` from a place on.
  func write(keys: Tensor, values: Tensor, at place: Int) {
    let count = keys.shape[1]
    Parallel.forRanges(batch * heads, grain: max(1, 1 << 14 / max(1, count * headDim))) { [heads, headDim] range in
      for index in range {
        let (row, head) = index.quotientAndRemainder(dividingBy: heads)
        for position in 0..<count {
          let source = ((row * count + position) * heads + head) * headDim
          kernels.remember_halves(
            keys.pointer + source, values.pointer + source, self.keys(index), self.values(index), place + position,
            headDim)
        }
      }
    }
  }
}
