import ARPG
import ARPGTensor

/// An endless set of drawn scenes with depth and class, to train on.
///
/// A scene is a function of the seed and its number alone, not of others, their order, the number of threads or the
/// machine. The classes take turns: scene n is of class n modulo 16.
public struct SceneDataset: Sendable {
  /// Which pictures a seed stands for. Changes whenever they do.
  public static let version = 1

  /// The sides that pictures may have, in pixels.
  public static let sizes = 8...2048

  /// What the scenes are drawn from.
  public let seed: UInt64
  /// The side of the pictures in pixels.
  public let size: Int

  /// The scenes of a seed. Traps for a size outside of ``sizes``.
  public init(seed: UInt64, size: Int = 128) {
    precondition(Self.sizes.contains(size), "a size of \(size) is not in \(Self.sizes)")
    self.seed = seed
    self.size = size
  }

  /// The class of a scene. Traps for a number under 0.
  public func sceneClass(of number: Int) -> SceneClass {
    precondition(number >= 0, "there is no scene \(number)")
    return SceneClass.allCases[number % SceneClass.allCases.count]
  }

  /// Draws a scene, on one thread: call it for several at once. Traps for a number under 0.
  public func scene(_ number: Int) -> RenderedScene {
    let sceneClass = sceneClass(of: number)
    let name = SIMD3(
      UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32), Self.streamPurpose)
    var random = PhiloxStream(Philox(seed: seed), name: name)
    return render(Scene(sceneClass, using: &random), of: sceneClass)
  }

  /// Sets the streams of scenes apart from other uses of a seed.
  private static let streamPurpose: UInt32 = 0x5343_4E45

  private func render(_ scene: Scene, of sceneClass: SceneClass) -> RenderedScene {
    let count = size * size
    var pixels = [UInt8](repeating: 0, count: count * 3)
    var inverse = [Float](repeating: 0, count: count)
    var coverage = inverse
    scene.primitives.withUnsafeBufferPointer { primitives in
      let renderer = SceneRenderer(scene, field: SignedDistanceField(primitives: primitives))
      renderer.draw(size: size) { index, pixel in
        let levels = pixel.colour * 255 + 0.5
        for channel in 0..<3 { pixels[index * 3 + channel] = UInt8(min(levels[channel], 255)) }
        inverse[index] = pixel.inverseDepth
        coverage[index] = pixel.coverage
      }
    }
    let low = inverse.min() ?? 0
    let range = max((inverse.max() ?? 1) - low, 1e-6)
    return RenderedScene(
      image: Image(width: size, height: size, pixels: pixels),
      depth: Plane(width: size, height: size, values: inverse.map { min(($0 - low) / range, 1) }),
      coverage: Plane(width: size, height: size, values: coverage), sceneClass: sceneClass)
  }
}
