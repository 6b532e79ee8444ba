import ARPG
import Foundation

/// The extended difference of Gaussians, XDoG, which finds lines as a pen would draw them: soft, and stronger where the contrast is.
///
/// Source: Winnemöller, Kyprianidis and Olsen, Computers & Graphics 36 (6), 2012. Of an image I in 0...1 it takes
/// `S = 1 + (1 + p) (Gσ I - Gkσ I)`, and the line is `tanh(φ (ε - S))` where S is below ε, 0 elsewhere. That is the paper's S on
/// paper of one white: its own, `Gkσ I` in place of 1, also fills what is dark, which is tone and no line.
public struct ExtendedDifferenceOfGaussians: Sendable, Equatable {
  /// σ, the standard deviation of the narrower Gaussian in pixels, over 0: half the width of a line, about.
  public var sigma: Double
  /// p, how strongly the difference counts, 0 or more.
  public var sharpness: Double
  /// ε, the S below which there is a line: 1 takes all that is darker than what is around it.
  public var threshold: Double
  /// 1 / φ, by how much S is below the threshold where a line is at three quarters of full strength, over 0.
  public var softness: Double

  /// k, how much wider the other Gaussian is.
  public static let ratio = 1.6

  /// A detector of lines; see the properties.
  public init(sigma: Double = 1, sharpness: Double = 20, threshold: Double = 0.9, softness: Double = 0.8) {
    self.sigma = sigma
    self.sharpness = sharpness
    self.threshold = threshold
    self.softness = softness
  }

  /// The lines of an image, 255 at full strength and 0 for none, `width * height` values. On colour it is the strongest line of the
  /// three channels, so that colours of one brightness are told apart.
  public func lines(of image: Image) -> [UInt8] {
    var strengths = [UInt8](repeating: 0, count: image.width * image.height)
    for channel in 0..<(image.isGrey ? 1 : 3) {
      let lines = lines(of: image.plane(ofChannel: channel))
      for (index, line) in lines.values.enumerated() {
        strengths[index] = max(strengths[index], UInt8((line * 255).rounded()))
      }
    }
    return strengths
  }

  /// The lines of a plane in 0...1, themselves in 0...1. The plane is continued by its outermost pixels.
  public func lines(of plane: Plane) -> Plane {
    let differences = differences(of: plane)
    let gain = Float(1 + sharpness), depth = Float(1 - threshold), steepness = Float(1 / softness)
    return differences.map { difference in
      // ε - S
      let below = -gain * difference - depth
      return below > 0 ? tanhf(steepness * below) : 0
    }
  }

  /// The narrower Gaussian less the wider one.
  private func differences(of plane: Plane) -> Plane {
    let wide = plane.blurred(sigma: Float(Self.ratio * sigma)), narrow = plane.blurred(sigma: Float(sigma))
    return Plane(width: plane.width, height: plane.height, values: zip(narrow.values, wide.values).map { $0 - $1 })
  }
}
