/// A 3 x 3 convolution by Winograd's minimal filtering: 16 products of matrices for tiles of 2 x 2 outputs instead of 36
/// multiplications each, and 9 where the input is doubled, since most of a doubled tile is equal.
///
/// Rounds differently from the plain sum, by a few units in the last place.
///
/// Source: Lavin and Gray, arXiv 1509.09308, section 4.1.
struct WinogradTiling: Sendable {
  let shape: ConvolutionShape
  let doubled: Bool
  /// Points of a side of a tile.
  private let side: Int
  var points: Int { side * side }
  /// How many tiles lie above each other and side by side in the image, and in a group that is convolved at once.
  private let rows, columns, groupRows, groupColumns: Int
  /// The groups of an image, and the tiles of one of them.
  var groups: Int { (rows + groupRows - 1) / groupRows * across }
  var groupTiles: Int { groupRows * groupColumns }
  private var across: Int { (columns + groupColumns - 1) / groupColumns }
  /// The floats that ``transform(_:_:to:line:step:patch:)`` needs for the pixels of a group.
  var patchCount: Int { (2 * groupRows + 2) * (2 * groupColumns + 2) }

  /// The tiling of a convolution; nil where plain columns are the better way.
  init?(_ shape: ConvolutionShape) {
    guard shape.kernel == 3, shape.resampling != .halved, shape.inputs >= Self.fewestChannels else { return nil }
    guard shape.outPixels >= Self.fewestPixels, shape.outHeight % 2 == 0, shape.outWidth % 2 == 0 else { return nil }
    self.shape = shape
    doubled = shape.resampling == .doubled
    side = doubled ? 3 : 4
    rows = shape.outHeight / 2
    columns = shape.outWidth / 2
    let tiles = min(128, max(32, rows * columns / 4))
    groupColumns = min(columns, tiles)
    groupRows = min(rows, tiles / groupColumns)
  }

  private static let fewestChannels = 8
  private static let fewestPixels = 256

  /// Images `[batch, inputs, height, width]` to `[batch, outputs, height', width']`.
  func convolve(_ input: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [shape.batch, shape.outputs, shape.outHeight, shape.outWidth])
    let weightStep = Self.step(shape.outputs * shape.inputs)
    let weights = transformed(weight, step: weightStep)
    let inputStep = Self.step(shape.inputs * groupTiles)
    let outputStep = Self.step(shape.outputs * groupTiles)
    let scratch = points * (inputStep + outputStep) + patchCount
    Parallel.forEach(shape.batch * groups, scratch: scratch) { index, memory in
      let (sample, group) = index.quotientAndRemainder(dividingBy: groups)
      let area = area(group)
      let products = memory + points * inputStep
      transform(
        input.pointer + sample * shape.inputs * shape.inPixels, area, to: memory, line: area.count, step: inputStep,
        patch: products + points * outputStep)
      for point in 0..<points {
        kernels.multiply(
          weights.pointer + point * weightStep, shape.inputs, 1, memory + point * inputStep, area.count, 1,
          products + point * outputStep, area.count, shape.outputs, area.count, shape.inputs, 0)
      }
      write(
        products, step: outputStep, bias: bias, area,
        to: result.mutablePointer + sample * shape.outputs * shape.outPixels)
    }
    return result
  }

  /// Some tiles of an image.
  struct Area {
    let rows, columns: Range<Int>
    var count: Int { rows.count * columns.count }
  }

  /// The tiles of a group.
  func area(_ group: Int) -> Area {
    let top = group / across * groupRows, left = group % across * groupColumns
    return Area(rows: top..<min(rows, top + groupRows), columns: left..<min(columns, left + groupColumns))
  }

  /// The distance between points: an odd number of cache lines, so that the points of a tile do not compete for one set
  /// of the cache.
  static func step(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }

  private func transformed(_ weight: Tensor, step: Int) -> Tensor {
    let result = Tensor(uninitialized: [side * side * step])
    Parallel.forRanges(shape.outputs * shape.inputs, grain: 1 << 12) { range in
      let kernel = doubled ? winograd.doubled_weights : winograd.weights
      kernel?(weight.pointer + range.lowerBound * 9, result.mutablePointer + range.lowerBound, step, range.count)
    }
    return result
  }

  /// The points of an area's tiles, `[points, inputs, tiles]`; `line` floats from one channel to the next.
  func transform(
    _ image: UnsafePointer<Float>, _ area: Area, to points: UnsafeMutablePointer<Float>, line length: Int, step: Int,
    patch: UnsafeMutablePointer<Float>
  ) {
    let kernel = doubled ? winograd.doubled_input : winograd.input
    let stride = doubled ? 1 : 2
    let lines = area.rows.lowerBound * stride - 1..<area.rows.upperBound * stride + 1
    let pixels = area.columns.lowerBound * stride - 1..<area.columns.upperBound * stride + 1
    let inside = pixels.clamped(to: 0..<shape.width)
    for channel in 0..<shape.inputs {
      let plane = image + channel * shape.inPixels
      for line in lines {
        let target = patch + (line - lines.lowerBound) * pixels.count
        guard 0..<shape.height ~= line else {
          target.update(repeating: 0, count: pixels.count)
          continue
        }
        if pixels.lowerBound < inside.lowerBound { target[0] = 0 }
        (target + (inside.lowerBound - pixels.lowerBound))
          .update(from: plane + line * shape.width + inside.lowerBound, count: inside.count)
        if inside.upperBound < pixels.upperBound { target[pixels.count - 1] = 0 }
      }
      for row in 0..<area.rows.count {
        kernel?(
          patch + row * stride * pixels.count, pixels.count,
          points + channel * length + row * area.columns.count, step, area.columns.count)
      }
    }
  }

  /// The pixels of an area's tiles, from `[points, outputs, tiles]`.
  private func write(
    _ points: UnsafePointer<Float>, step: Int, bias: Tensor, _ area: Area, to image: UnsafeMutablePointer<Float>
  ) {
    let kernel = doubled ? winograd.doubled_output : winograd.output
    for channel in 0..<shape.outputs {
      for (index, row) in area.rows.enumerated() {
        let pixel = channel * shape.outPixels + 2 * row * shape.outWidth + 2 * area.columns.lowerBound
        kernel?(
          points + channel * area.count + index * area.columns.count, step, bias.pointer[channel], image + pixel,
          shape.outWidth, area.columns.count)
      }
    }
  }
}
