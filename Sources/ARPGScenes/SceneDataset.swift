import ARPGImages
import ARPGTensor

/// An endless set of rendered scenes with depth, parts and class, to train on.
///
/// A scene is a function of the settings and its number alone, not of others, their order, the number of threads or the
/// machine. Which kind a scene is of is drawn by lot; the classes take turns: a scene of classes with the number n is of
/// class n modulo 16.
public struct SceneDataset: Sendable {
  /// Which images a seed stands for. Changes whenever they do.
  public static let version = 2

  /// The sides that images may have, in pixels.
  public static let sizes = 8...2048

  /// What the scenes are rendered from.
  public let seed: UInt64
  /// The side of the images in pixels.
  public let size: Int
  /// How often scenes are of each kind.
  public let kinds: SceneMixture
  /// From where scenes of classes are seen.
  public let cameras: SceneCameras

  /// The scenes of a seed. Traps for a size outside of ``sizes``.
  public init(
    seed: UInt64, size: Int = 256, kinds: SceneMixture = SceneMixture(.classes), cameras: SceneCameras = .usual
  ) {
    precondition(Self.sizes.contains(size), "a size of \(size) is not in \(Self.sizes)")
    self.seed = seed
    self.size = size
    self.kinds = kinds
    self.cameras = cameras
  }

  /// The kind of a scene. Traps for a number under 0.
  public func kind(of number: Int) -> SceneKind {
    precondition(number >= 0, "there is no scene \(number)")
    var random = stream(of: number, purpose: Self.kindPurpose)
    return kinds.kind(at: random.uniform())
  }

  /// The class of a scene; nil for a scene of any shapes. Traps for a number under 0.
  public func sceneClass(of number: Int) -> SceneClass? {
    kind(of: number) == .classes ? SceneClass.allCases[number % SceneClass.allCases.count] : nil
  }

  /// Draws a scene, on one thread: call it for several at once. Traps for a number under 0.
  public func scene(_ number: Int) -> RenderedScene {
    let sceneClass = sceneClass(of: number)
    var random = stream(of: number, purpose: sceneClass == nil ? Self.shapesPurpose : Self.classesPurpose)
    let scene = sceneClass.map { Scene($0, cameras: cameras, using: &random) } ?? Scene(ofShapesUsing: &random)
    return render(scene, of: sceneClass)
  }

  /// The names of the kinds of shapes; see ``SceneKind/shapes``.
  package static var shapeNames: [String] { ShapeKind.all.map(\.name) }

  /// Draws a scene of one object of a kind of shapes, in place of one of any kind. Nil where there is no such kind.
  package func scene(_ number: Int, ofShape name: String) -> RenderedScene? {
    guard let kind = ShapeKind.all.first(where: { $0.name == name }) else { return nil }
    var random = stream(of: number, purpose: Self.shapesPurpose)
    return render(Scene(of: kind, using: &random), of: nil)
  }

  private func stream(of number: Int, purpose: UInt32) -> PhiloxStream {
    PhiloxStream(
      Philox(seed: seed),
      name: SIMD3(UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32), purpose))
  }

  // Set the streams of scenes apart from other uses of a seed.
  private static let classesPurpose: UInt32 = 0x5343_4E45
  private static let shapesPurpose: UInt32 = 0x5348_4150
  private static let kindPurpose: UInt32 = 0x4B49_4E44

  private func render(_ scene: Scene, of sceneClass: SceneClass?) -> RenderedScene {
    let object = scene.object
    let drawing = object.primitives.withUnsafeBufferPointer { primitives in
      object.markings.withUnsafeBufferPointer { markings in
        object.edges.withUnsafeBufferPointer { edges in
          let field = SignedDistanceField(primitives: primitives, markings: markings, edges: edges)
          return SceneDrawing(SceneRenderer(scene, field: field), size: size)
        }
      }
    }
    var pixels = [UInt8](repeating: 0, count: size * size * 3)
    for (pixel, colour) in drawing.colours.enumerated() {
      let levels = colour * 255 + 0.5
      for channel in 0..<3 { pixels[pixel * 3 + channel] = UInt8(min(levels[channel], 255)) }
    }
    let inverse = drawing.inverseDepths, low = inverse.min() ?? 0
    let range = max((inverse.max() ?? 1) - low, 1e-6)
    return RenderedScene(
      image: Image(width: size, height: size, pixels: pixels),
      depth: Plane(width: size, height: size, values: inverse.map { min(($0 - low) / range, 1) }),
      coverage: Plane(width: size, height: size, values: drawing.coverage), parts: drawing.parts,
      sceneClass: sceneClass)
  }
}
