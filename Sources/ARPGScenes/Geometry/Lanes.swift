/// One number for each of the four samples of a pixel, computed together.
package typealias Lanes = SIMD4<Float>

/// Yes or no for each of the four samples.
typealias LaneMask = SIMDMask<SIMD4<Int32>>

@inline(__always)
func least(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }

@inline(__always)
func greatest(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .> a) }

@inline(__always)
func magnitude(_ a: Lanes) -> Lanes { greatest(a, -a) }

@inline(__always)
func clamp(_ a: Lanes, _ low: Float, _ high: Float) -> Lanes {
  least(greatest(a, Lanes(repeating: low)), Lanes(repeating: high))
}

@inline(__always)
func length(_ a: Lanes, _ b: Lanes) -> Lanes { (a * a + b * b).squareRoot() }

@inline(__always)
func length(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes { (a * a + b * b + c * c).squareRoot() }

extension SIMDMask where Storage == SIMD4<Int32> {
  /// Whether it holds for at least one sample.
  @inline(__always)
  var isAny: Bool {
    let bits = SIMD4<Int32>.zero.replacing(with: 1, where: self)
    return (bits.x | bits.y | bits.z | bits.w) != 0
  }
}
