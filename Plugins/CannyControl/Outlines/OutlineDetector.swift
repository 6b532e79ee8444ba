import ARPG

/// Finds the outlines of a scene in its depth, and in a map of its parts where there is one.
///
/// Depth is inverse, 0 far and 1 near, as estimators give it: on a plane it changes evenly from pixel to pixel, so that a jump
/// and a bend can be told from a slope.
public struct OutlineDetector: Sendable {
  /// A step of depth that is a jump, as a fraction of the nearer depth.
  public var leastJump: Float = 0.02
  /// How many times as large as the steps beside it a step must be to be a jump.
  public var steepness: Float = 2.5
  /// The cosine between normals under which a surface bends sharply.
  public var crease: Float = 0.72
  /// The width of the widest part that people draw as a single stroke, as a fraction of the image's side.
  public var thinnest: Float = 0.024

  /// The thresholds as above unless told otherwise.
  public init() {}

  /// Finds outlines.
  ///
  /// - Parameters:
  ///   - depth: of the scene.
  ///   - parts: numbers of parts in 0...255 divided by 255, of the same size: 0 is the background, and 128 and more are
  ///     markings on parts. Nil where parts are not known: jumps and creases are all there is.
  public func outlines(depth: Plane, parts: Plane? = nil) -> Outlines {
    let surface = DepthSurface(depth)
    let numbers = parts.map { $0.values.map { UInt8(max(0, min(($0 * 255).rounded(), 255))) } }
    let inner = surface.inner(of: numbers)
    var kinds = [Outlines.Kinds](repeating: [], count: depth.values.count)
    for row in 0..<depth.height {
      for column in 0..<depth.width {
        let pixel = row * depth.width + column
        for (step, hasNext) in [(1, column + 1 < depth.width), (depth.width, row + 1 < depth.height)] where hasNext {
          let isJump = surface.isJump(from: pixel, step: step, least: leastJump, steepness: steepness)
          if let numbers {
            let (one, other) = (numbers[pixel], numbers[pixel + step])
            if one != other {
              kinds[pixel].insert(kind(between: one, other, isJump: isJump))
              continue
            }
            // Where parts meet, the depth of a pixel is that of both.
            if one == 0 || meets(pixel, numbers, depth.width) || meets(pixel + step, numbers, depth.width) { continue }
          }
          if isJump {
            kinds[pixel].insert(parts == nil ? .silhouette : .part)
          } else if surface.isCrease(from: pixel, step: step, cosine: crease, within: inner) {
            kinds[pixel].insert(.crease)
          }
        }
      }
    }
    let outlines = Outlines(width: depth.width, height: depth.height, kinds: kinds)
    guard let numbers else { return outlines }
    let widest = Int((thinnest * Float(min(depth.width, depth.height))).rounded())
    return ThinParts(numbers, width: depth.width, widest: widest).added(to: outlines)
  }

  /// Whether another part begins right beside a pixel.
  private func meets(_ pixel: Int, _ numbers: [UInt8], _ width: Int) -> Bool {
    [pixel - width, pixel - 1, pixel + 1, pixel + width].contains {
      numbers.indices.contains($0) && numbers[$0] != numbers[pixel]
    }
  }

  private func kind(between one: UInt8, _ other: UInt8, isJump: Bool) -> Outlines.Kinds {
    if one == 0 || other == 0 { return .silhouette }
    return max(one, other) >= 64 && !isJump ? .marking : .part
  }
}

/// Inverse depth as a surface that bends and jumps.
private struct DepthSurface {
  private let depth: [Float]
  private let width, height: Int
  /// The smallest step that is no rounding: two levels of 8 bits where the depth has no more than these.
  private let leastStep: Float
  /// Whether normals can be told: 8 bits are too coarse for that.
  private let isFine: Bool

  /// What is added to depths: the farthest point is taken to be two and a half times as far away as the nearest.
  private static let offset: Float = 2 / 3.0
  /// Half the height of the image at distance 1: that of a lens of 36 degrees.
  private static let tangent: Float = 0.32

  init(_ plane: Plane) {
    depth = plane.values
    (width, height) = (plane.width, plane.height)
    isFine = plane.values.contains { abs($0 * 255 - ($0 * 255).rounded()) > 0.01 }
    leastStep = isFine ? 0.002 : 2.5 / 255
  }

  private func nearness(_ pixel: Int) -> Float { depth[pixel] + Self.offset }

  /// Whether depth jumps between a pixel and the next, by more than it changes on either side.
  func isJump(from pixel: Int, step: Int, least: Float, steepness: Float) -> Bool {
    let change = abs(depth[pixel] - depth[pixel + step])
    guard change > leastStep, change > least * max(nearness(pixel), nearness(pixel + step)) else { return false }
    let before = abs(depth[pixel] - depth[neighbour(pixel, -step)])
    let after = abs(depth[pixel + step] - depth[neighbour(pixel + step, step)])
    // A jump that is spread over two steps counts once.
    return change > steepness * min(before, after) && change >= before && change > after
  }

  /// Whether each pixel and all around it are of one part and of about one depth: only there slopes are those of a surface.
  func inner(of numbers: [UInt8]?) -> [Bool] {
    var inner = [Bool](repeating: false, count: depth.count)
    guard isFine, width > 2, height > 2 else { return inner }
    for row in 1..<height - 1 {
      for pixel in row * width + 1..<(row + 1) * width - 1 {
        let around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]
        inner[pixel] = around.allSatisfy { step in
          (numbers.map { $0[pixel + step] == $0[pixel] } ?? true)
            && abs(depth[pixel + step] - depth[pixel]) < 0.02 * nearness(pixel)
        }
      }
    }
    return inner
  }

  /// Whether the normals of two neighbours are far apart, each taken on its own side of the border between them.
  func isCrease(from pixel: Int, step: Int, cosine: Float, within inner: [Bool]) -> Bool {
    guard inner[pixel], inner[pixel + step], let one = normal(pixel, away: -step, within: inner),
      let other = normal(pixel + step, away: step, within: inner)
    else { return false }
    return (one * other).sum() < cosine
  }

  /// The normal at a pixel that is not at the border: its slope along `away` is that to the pixels on that side, its slope
  /// across that to both sides. Nil where these are of something else.
  private func normal(_ pixel: Int, away: Int, within inner: [Bool]) -> SIMD3<Float>? {
    guard inner[pixel + away] else { return nil }
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    let along = (depth[pixel + 2 * away] - depth[pixel]) / 2 * (away < 0 ? -1 : 1)
    let across = abs(away) == 1 ? width : 1
    let aside = (depth[pixel + across] - depth[pixel - across]) / 2
    // Where a plane is, one over the distance is a u + b v + c with a normal of (a / t, b / t, c).
    let half = Float(height) / 2
    let slope = (abs(away) == 1 ? SIMD2(along, aside) : SIMD2(aside, along)) * half
    let place = SIMD2(Float(column) + 0.5 - Float(width) / 2, Float(row) + 0.5 - half) / half
    let normal = SIMD3(
      slope.x / Self.tangent, slope.y / Self.tangent, nearness(pixel) - (slope * place).sum())
    return normal / ((normal * normal).sum().squareRoot() + 1e-12)
  }

  /// The pixel a step further, or the same at the border of the image.
  private func neighbour(_ pixel: Int, _ step: Int) -> Int {
    let next = pixel + step
    guard depth.indices.contains(next) else { return pixel }
    return abs(step) == 1 && next / width != pixel / width ? pixel : next
  }
}
