import ARPGImages
import Foundation

/// Lightness and two opponent colours, in which distances are about as large as they look.
///
/// Source: Ottosson, "A perceptual color space for image processing", 2020.
enum OKLab {
  /// The place of a colour: lightness 0...1, green to red, blue to yellow.
  static func place(of colour: SIMD3<Double>) -> SIMD3<Double> {
    func linear(_ value: Double) -> Double { Double(SRGB.linear(Float(value / 255))) }
    let (red, green, blue) = (linear(colour.x), linear(colour.y), linear(colour.z))
    let long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return SIMD3(
      0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
      1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
      0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short)
  }

  /// The square of the distance of two places.
  static func squaredDistance(_ one: SIMD3<Double>, _ other: SIMD3<Double>) -> Double {
    let step = one - other
    return (step * step).sum()
  }
}
