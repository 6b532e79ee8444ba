import Foundation

/// Two numbers of the standard normal distribution, from a number in (0, 1] and one in [0, 1).
///
/// Source: Box and Muller, Annals of Mathematical Statistics 29, 1958.
func normalPair(_ first: Double, _ second: Double) -> SIMD2<Float> {
  let radius = (-2 * log(first)).squareRoot(), angle = 2 * Double.pi * second
  return SIMD2(Float(radius * cos(angle)), Float(radius * sin(angle)))
}

extension Philox {
  /// Four numbers of the standard normal distribution, for a counter.
  public func normals(at counter: SIMD4<UInt32>) -> SIMD4<Float> {
    let words = words(at: counter)
    func pair(_ first: UInt32, _ second: UInt32) -> SIMD2<Float> {
      normalPair((Double(first) + 0.5) * 0x1p-32, Double(second) * 0x1p-32)
    }
    return SIMD4(lowHalf: pair(words.x, words.y), highHalf: pair(words.z, words.w))
  }

  /// A tensor of normal numbers with mean 0: the weights of something new.
  ///
  /// - Parameters:
  ///   - shape: of the tensor.
  ///   - deviation: the standard deviation.
  ///   - number: of the tensor among those of one purpose, so that no two share numbers.
  ///   - purpose: what the numbers are for; no other use of the seed may have the same.
  public func normalTensor(shape: [Int], deviation: Float, number: Int, purpose: RandomPurpose) -> Tensor {
    Tensor(shape: shape) { values in
      for start in stride(from: 0, to: values.count, by: 4) {
        let normals = normals(at: SIMD4(UInt32(start / 4), UInt32(number), 0, purpose.number))
        for index in start..<min(start + 4, values.count) {
          values.initializeElement(at: index, to: deviation * normals[index - start])
        }
      }
    }
  }
}
