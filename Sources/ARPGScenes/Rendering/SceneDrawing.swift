import ARPGImages

/// A scene as pixels: one sample in the middle of each, four where an edge is.
struct SceneDrawing {
  let size: Int
  /// Red, green and blue, as displayed, 0...1.
  private(set) var colours: [SIMD3<Float>]
  /// The mean of one over the distance along the camera's axis.
  private(set) var inverseDepths: [Float]
  /// The number of what is in the middle of each pixel; see ``RenderedScene/parts``.
  private(set) var parts: [UInt8]
  /// The share of each pixel that shows an object.
  private(set) var coverage: [Float]

  private static let curve = GammaCurve()
  /// Colours that differ by more than this, over all channels, are an edge.
  private static let leastDifference: Float = 30 / 255.0

  /// Draws a scene of `size` x `size` pixels, rows from the top.
  init(_ renderer: SceneRenderer, size: Int) {
    self.size = size
    colours = Array(repeating: .zero, count: size * size)
    inverseDepths = Array(repeating: 0, count: size * size)
    parts = Array(repeating: 0, count: size * size)
    coverage = inverseDepths
    drawMiddles(renderer)
    refineEdges(renderer)
  }

  private mutating func drawMiddles(_ renderer: SceneRenderer) {
    let scale = 2 / Float(size), curve = Self.curve
    for row in 0..<size {
      let y = Lanes(repeating: 1 - (Float(row) + 0.5) * scale)
      for column in stride(from: 0, to: size, by: 4) {
        let hits = renderer.hits(x: (Float(column) + Lanes(0.5, 1.5, 2.5, 3.5)) * scale - 1, y: y)
        let (red, green, blue) = (curve.values(hits.light.x), curve.values(hits.light.y), curve.values(hits.light.z))
        for lane in 0..<min(4, size - column) {
          let pixel = row * size + column + lane
          colours[pixel] = SIMD3(red[lane], green[lane], blue[lane])
          inverseDepths[pixel] = hits.inverseDepth[lane]
          parts[pixel] = hits.parts[lane]
          coverage[pixel] = hits.isObject[lane] ? 1 : 0
        }
      }
    }
  }

  private mutating func refineEdges(_ renderer: SceneRenderer) {
    let scale = 2 / Float(size), curve = Self.curve
    let isEdge = edges
    for pixel in isEdge.indices where isEdge[pixel] {
      let (row, column) = pixel.quotientAndRemainder(dividingBy: size)
      let hits = renderer.hits(
        x: (Float(column) + Lanes(0.25, 0.75, 0.25, 0.75)) * scale - 1,
        y: 1 - (Float(row) + Lanes(0.25, 0.25, 0.75, 0.75)) * scale)
      colours[pixel] =
        SIMD3(
          curve.values(hits.light.x).sum(), curve.values(hits.light.y).sum(), curve.values(hits.light.z).sum()) / 4
      inverseDepths[pixel] = hits.inverseDepth.sum() / 4
      coverage[pixel] = Lanes.zero.replacing(with: 0.25, where: hits.isObject).sum()
    }
  }

  /// The pixels beside which another part, another colour or another depth begins.
  private var edges: [Bool] {
    var isEdge = [Bool](repeating: false, count: size * size)
    func compare(_ pixel: Int, _ other: Int) {
      let isOther =
        parts[pixel] != parts[other] || (colours[pixel] - colours[other]).magnitudes.sum() > Self.leastDifference
        || abs(inverseDepths[pixel] - inverseDepths[other]) > 0.02 * max(inverseDepths[pixel], inverseDepths[other])
      if isOther { (isEdge[pixel], isEdge[other]) = (true, true) }
    }
    for row in 0..<size {
      for pixel in row * size..<(row + 1) * size {
        if pixel % size + 1 < size { compare(pixel, pixel + 1) }
        if row + 1 < size { compare(pixel, pixel + size) }
      }
    }
    return isEdge
  }
}
