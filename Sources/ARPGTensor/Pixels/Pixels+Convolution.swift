import ARPGKernels

extension Pixels {
  /// A 3 x 3 convolution that keeps the sides, zeros around the edges, with a bias `[outputs]`.
  ///
  /// - Parameters:
  ///   - weights: `[outputs, channels * 9]`, in half precision.
  ///   - normalization: is applied to the image first; not where it is doubled.
  ///   - doubled: whether the sides are doubled first, by nearest neighbour.
  ///   - other: is added to the result; its memory may become that of the result, so that nobody else may need it.
  ///   - memory: for the result.
  package func convolved(
    _ weights: PackedMatrix, bias: Tensor, normalizing normalization: PixelNormalization? = nil, doubled: Bool = false,
    adding other: Pixels? = nil, _ memory: PixelMemory
  ) -> Pixels {
    precondition(
      weights.precision == .float16 && weights.inputs == channels * 9 && bias.shape == [weights.outputs],
      "[\(weights.outputs), \(weights.inputs)] in \(weights.precision.rawValue) cannot be applied to \(channels) channels"
    )
    precondition(!doubled || normalization == nil, "a doubled image is not normalised")
    let span = TimeByPart.begin(.convolutions)
    defer { span.end() }
    let zoom = doubled ? 2 : 1
    let result =
      other ?? Pixels(height: height * zoom, width: width * zoom, channels: weights.outputs, memory)
    precondition(
      result.height == height * zoom && result.width == width * zoom && result.channels == weights.outputs,
      "what is added is of another size")
    let work = TiledConvolution(
      input: self, weights: weights, bias: bias.padded(to: result.stride), normalization: normalization, zoom: zoom,
      output: result, adds: other != nil)
    work.run(memory)
    TimeByPart.count(
      weightBytes: weights.byteCount, operations: 2 * weights.outputs * weights.inputs * result.height * result.width)
    return result
  }
}

/// One convolution by tiles of outputs.
private struct TiledConvolution: Sendable {
  let input: Pixels
  let weights: PackedMatrix
  let bias: Tensor
  let normalization: PixelNormalization?
  let zoom: Int
  let output: Pixels
  let adds: Bool

  private static let side = Int(ARPG_TILE_SIDE), points = Int(ARPG_TILE_POINTS)

  /// Some tiles of the image.
  struct Area {
    let rows, columns: Range<Int>
    var count: Int { rows.count * columns.count }
  }

  private var rows: Int { (output.height + Self.side - 1) / Self.side }
  private var columns: Int { (output.width + Self.side - 1) / Self.side }
  /// The floats of a point of a panel's weights, and of a panel.
  private var pointFloats: Int { input.channels * Pixels.panel }
  private var panelFloats: Int { Self.points * pointFloats }
  /// Pairs of panels of outputs, the last one alone where their number is odd.
  private var pairs: Int { (weights.panels + 1) / 2 }

  /// Images of so few tiles transform their weights panel by panel, so that they never leave the cache.
  private static let fewTiles = 64

  func run(_ memory: PixelMemory) {
    if rows * columns <= Self.fewTiles { runByPanels(memory) } else { runByAreas(memory) }
  }

  /// The points of all tiles first, then the outputs of each pair of panels.
  private func runByPanels(_ memory: PixelMemory) {
    let all = Area(rows: 0..<rows, columns: 0..<columns), stride = input.stride
    let points = memory.take(Self.points * all.count * stride)
    Parallel.forEach(rows, scratch: patchCount(Area(rows: 0..<1, columns: all.columns))) { row, patch in
      transform(
        Area(rows: row..<row + 1, columns: all.columns), to: points.base + row * columns * stride,
        step: all.count * stride, patch: patch)
    }
    let products = Self.points * all.count * 2 * Pixels.panel
    Parallel.forEach(pairs, scratch: 2 * panelFloats + products) { pair, scratch in
      for panel in panels(pair) { transformWeights(panel, to: scratch + (panel - 2 * pair) * panelFloats) }
      multiply(points.base, pair, scratch, all, products: scratch + 2 * panelFloats)
    }
    memory.give(points)
  }

  /// The points of all weights first, then the tiles, area by area.
  private func runByAreas(_ memory: PixelMemory) {
    let all = memory.take(weights.panels * panelFloats)
    Parallel.forEach(weights.panels) { transformWeights($0, to: all.base + $0 * panelFloats) }
    // The points of an area fill about half of a second-level cache.
    let tiles = max(8, min(32, 4096 / input.stride))
    let across = min(8, columns), down = max(1, tiles / across)
    let areasAcross = (columns + across - 1) / across
    let areas = (rows + down - 1) / down * areasAcross
    let patch = patchCount(Area(rows: 0..<down, columns: 0..<across))
    let points = Self.points * across * down * input.stride
    let products = Self.points * across * down * 2 * Pixels.panel
    Parallel.forEach(areas, scratch: points + products + patch) { index, scratch in
      let top = index / areasAcross * down, left = index % areasAcross * across
      let area = Area(rows: top..<min(rows, top + down), columns: left..<min(columns, left + across))
      transform(area, to: scratch, step: area.count * input.stride, patch: scratch + points + products)
      for pair in 0..<pairs {
        multiply(scratch, pair, all.base + 2 * pair * panelFloats, area, products: scratch + points)
      }
    }
    memory.give(all)
  }

  private func panels(_ pair: Int) -> Range<Int> { 2 * pair..<min(weights.panels, 2 * pair + 2) }

  private func transformWeights(_ panel: Int, to target: UnsafeMutablePointer<Float>) {
    pixelKernels.weights(
      weights.address(ofPanel: panel).assumingMemoryBound(to: UInt16.self), target, input.channels)
  }

  /// The floats of the pixels that an area reads.
  private func patchCount(_ area: Area) -> Int {
    (Self.side * area.rows.count + 2) * (Self.side * area.columns.count + 2) * input.stride
  }

  /// The points of an area's tiles, `[points, tiles, stride]`, with `step` floats from one point to the next.
  private func transform(
    _ area: Area, to points: UnsafeMutablePointer<Float>, step: Int, patch: UnsafeMutablePointer<Float>
  ) {
    let side = Self.side, stride = input.stride
    let lines = side * area.rows.lowerBound - 1..<side * area.rows.upperBound + 1
    let pixels = side * area.columns.lowerBound - 1..<side * area.columns.upperBound + 1
    let inside = pixels.clamped(to: 0..<output.width)
    let length = pixels.count * stride
    for line in lines {
      let target = patch + (line - lines.lowerBound) * length
      guard 0..<output.height ~= line else {
        target.update(repeating: 0, count: length)
        continue
      }
      let left = (inside.lowerBound - pixels.lowerBound) * stride
      target.update(repeating: 0, count: left)
      if zoom == 1 {
        let first = line * input.width
        input.write(first + inside.lowerBound..<first + inside.upperBound, normalization, to: target + left)
      } else {
        for pixel in inside {
          (target + (pixel - pixels.lowerBound) * stride).update(
            from: input.storage.base + (line / zoom * input.width + pixel / zoom) * stride, count: stride)
        }
      }
      let right = left + inside.count * stride
      (target + right).update(repeating: 0, count: length - right)
    }
    for row in 0..<area.rows.count {
      for column in 0..<area.columns.count {
        pixelKernels.input(
          patch + side * row * length + side * column * stride, length, stride,
          points + (row * area.columns.count + column) * stride, step)
      }
    }
  }

  /// The outputs of a pair of panels for an area, from the points of its tiles and those of the weights.
  private func multiply(
    _ points: UnsafePointer<Float>, _ pair: Int, _ weights: UnsafePointer<Float>, _ area: Area,
    products: UnsafeMutablePointer<Float>
  ) {
    let side = Self.side, panels = panels(pair), width = panels.count * Pixels.panel
    pixelKernels.multiply(
      points, input.stride, weights, panels.count > 1 ? weights + panelFloats : nil, products, area.count,
      input.channels)
    for (number, panel) in panels.enumerated() {
      for (row, tileRow) in area.rows.enumerated() {
        for (column, tileColumn) in area.columns.enumerated() {
          let pixel = side * tileRow * output.width + side * tileColumn
          let target = output.storage.base + pixel * output.stride + panel * Pixels.panel
          pixelKernels.output(
            products + (row * area.columns.count + column) * width + number * Pixels.panel, area.count * width,
            bias.pointer + panel * Pixels.panel, adds ? UnsafePointer(target) : nil, target,
            output.width * output.stride, output.stride,
            min(side, output.height - side * tileRow), min(side, output.width - side * tileColumn))
        }
      }
    }
  }
}
