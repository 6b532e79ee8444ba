extension Tensor {
  /// Sets each value to zero with a probability and divides the others by the probability of keeping one.
  ///
  /// Which values are dropped is a function of the generator, the name and the place alone, so a batch that is taken in
  /// parts loses the same values as one that is taken whole.
  ///
  /// - Parameters:
  ///   - rate: the probability, in 0 ..< 1, to a precision of 2⁻¹⁶.
  ///   - generator: where the random numbers come from.
  ///   - name: three words that no other use of the generator shares.
  ///   - offset: the place of the first value, a multiple of 8.
  ///
  /// Source: Srivastava et al., JMLR 15, 2014.
  public func dropout(rate: Float, generator: Philox, name: SIMD3<UInt32>, offset: Int = 0) -> Tensor {
    precondition(0..<1 ~= rate && offset.isMultiple(of: 8), "a rate of \(rate) from place \(offset) on cannot be")
    let mask = DropoutMask(rate: rate, generator: generator, name: name, offset: offset)
    return mask.apply(to: self).recorded(from: [self]) { [mask.apply(to: $0)] }
  }
}

/// Which values are dropped; computed anew where it is needed, so that it takes no memory.
private struct DropoutMask: Sendable {
  let rate: Float
  let generator: Philox
  let name: SIMD3<UInt32>
  let offset: Int

  func apply(to x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: x.shape)
    let threshold = UInt32((rate * 65536).rounded())
    let scale = 65536 / Float(65536 - threshold)
    let first = UInt32(truncatingIfNeeded: offset / 8)
    Parallel.forRanges((x.count + 7) / 8, grain: 1 << 10) { blocks in
      for block in blocks {
        let words = generator.words(at: SIMD4(first &+ UInt32(truncatingIfNeeded: block), name.x, name.y, name.z))
        let low = words & 0xFFFF, high = words &>> 16
        let start = block * 8
        for index in start..<min(start + 8, x.count) {
          let lane = index - start
          let bits = lane & 1 == 0 ? low[lane / 2] : high[lane / 2]
          result.mutablePointer[index] = bits < threshold ? 0 : x.pointer[index] * scale
        }
      }
    }
    return result
  }
}
