import Foundation

/// The transfer function of sRGB (IEC 61966-2-1).
package enum SRGB {
  /// The light of a value, both 0...1.
  package static func linear(_ value: Float) -> Float {
    value <= 0.04045 ? value / 12.92 : powf((value + 0.055) / 1.055, 2.4)
  }

  /// The value of light, both 0...1.
  package static func encoded(_ light: Float) -> Float {
    light <= 0.0031308 ? light * 12.92 : 1.055 * powf(light, 1 / 2.4) - 0.055
  }
}
