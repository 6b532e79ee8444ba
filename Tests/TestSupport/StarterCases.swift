import ARPG
import ARPGTensor

/// The recorded cases of the starter model: two sketches, from control images to pixels.
public enum StarterCases {
  /// The side of its images.
  public static let side = 256

  /// The control images, which are stored as grey levels `[2, side, side]`.
  public static func controls(_ cases: Checkpoint) throws -> [PreparedControl] {
    let levels = try cases.integers(named: "image")
    return (0..<2).map { image in
      let grey = levels[image * side * side..<(image + 1) * side * side].map { Float($0) / 255 }
      return PreparedControl(values: Plane(width: side, height: side, values: grey).controlTensor)
    }
  }
}
