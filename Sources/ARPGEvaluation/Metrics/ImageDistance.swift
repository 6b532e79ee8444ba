import ARPG
import Foundation

extension Image {
  /// The peak signal-to-noise ratio of the image in dB, over all channels; infinite where it equals the other. Traps
  /// where their sizes differ.
  public func peakSignalToNoise(against original: Image) -> Double {
    precondition(width == original.width && height == original.height, "the images differ in size")
    let error = zip(pixels, original.pixels).reduce(0) { sum, pair in
      let difference = Int(pair.0) - Int(pair.1)
      return sum + difference * difference
    }
    return error == 0 ? .infinity : 10 * log10(255 * 255 * Double(pixels.count) / Double(error))
  }
}

extension Plane {
  /// The mean absolute difference to another plane. Traps where their sizes differ.
  public func meanAbsoluteDifference(from other: Plane) -> Double {
    precondition(width == other.width && height == other.height, "the planes differ in size")
    let total = zip(values, other.values).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    return total / Double(values.count)
  }
}
