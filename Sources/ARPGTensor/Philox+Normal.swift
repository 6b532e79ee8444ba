import Foundation

extension Philox {
  /// Four numbers of the standard normal distribution, for a counter.
  ///
  /// Source: Box and Muller, Annals of Mathematical Statistics 29, 1958.
  public func normals(at counter: SIMD4<UInt32>) -> SIMD4<Float> {
    let words = words(at: counter)
    func pair(_ first: UInt32, _ second: UInt32) -> (Float, Float) {
      let radius = (-2 * log((Double(first) + 0.5) * 0x1p-32)).squareRoot()
      let angle = 2 * Double.pi * Double(second) * 0x1p-32
      return (Float(radius * cos(angle)), Float(radius * sin(angle)))
    }
    let (a, b) = pair(words.x, words.y), (c, d) = pair(words.z, words.w)
    return SIMD4(a, b, c, d)
  }

  /// A tensor of normal numbers with mean 0: the weights of something new.
  ///
  /// - Parameters:
  ///   - shape: of the tensor.
  ///   - deviation: the standard deviation.
  ///   - number: of the tensor among those of one purpose, so that no two share numbers.
  ///   - purpose: what the numbers are for; no other use of the seed may have the same.
  public func normalTensor(shape: [Int], deviation: Float, number: Int, purpose: UInt32) -> Tensor {
    Tensor(shape: shape) { values in
      for start in stride(from: 0, to: values.count, by: 4) {
        let normals = normals(at: SIMD4(UInt32(start / 4), UInt32(number), 0, purpose))
        for index in start..<min(start + 4, values.count) {
          values.initializeElement(at: index, to: deviation * normals[index - start])
        }
      }
    }
  }
}
