extension Tensor {
  /// The values whose dropout is computed together.
  public static let dropoutBlock = 128

  /// Sets each value to zero with a probability and divides the others by the probability of keeping one.
  ///
  /// Which values are dropped is a function of the generator, the name and the place alone, so a batch that is taken in
  /// parts loses the same values as one that is taken whole.
  ///
  /// - Parameters:
  ///   - rate: the probability, in 0 ..< 1, to a precision of 2⁻¹⁶.
  ///   - generator: where the random numbers come from.
  ///   - name: three words that no other use of the generator shares.
  ///   - offset: the place of the first value, a multiple of ``dropoutBlock``.
  ///
  /// Source: Srivastava et al., JMLR 15, 2014.
  public func dropout(rate: Float, generator: Philox, name: SIMD3<UInt32>, offset: Int = 0) -> Tensor {
    precondition(
      0..<1 ~= rate && offset.isMultiple(of: Self.dropoutBlock), "a rate of \(rate) from place \(offset) on cannot be")
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
    let block = Tensor.dropoutBlock
    Parallel.forRanges((x.count + block - 1) / block, grain: 1 << 7) { blocks in
      let start = blocks.lowerBound * block
      var key = generator.key
      // Sixteen counters for each block.
      var counter = SIMD4(UInt32(truncatingIfNeeded: (offset + start) / 8), name.x, name.y, name.z)
      withUnsafeBytes(of: &key) { key in
        withUnsafeBytes(of: &counter) { counter in
          kernels.dropout(
            x.pointer + start, key.assumingMemoryBound(to: UInt32.self).baseAddress,
            counter.assumingMemoryBound(to: UInt32.self).baseAddress, threshold, scale, result.mutablePointer + start,
            min(blocks.upperBound * block, x.count) - start)
        }
      }
    }
    return result
  }
}
