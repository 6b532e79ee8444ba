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
}
