/// How a convolution's output relates to its input in size.
public enum Resampling: Sendable {
  /// Of the same size: zeros around the input.
  case none
  /// Half the sides: stride 2, with one row and column of zeros at the bottom and right.
  case halved
  /// Twice the sides: the input is doubled by nearest neighbour first, then as with ``none``.
  case doubled
}

/// The sizes of one convolution, and where its outputs read.
struct ConvolutionShape: Sendable {
  let batch, inputs, outputs, kernel: Int
  /// Of the input, before any doubling.
  let height, width: Int
  let outHeight, outWidth: Int
  let resampling: Resampling

  init(input: Tensor, weight: Tensor, bias: Tensor, resampling: Resampling) {
    precondition(
      input.shape.count == 4 && weight.shape.count == 4 && weight.shape[1] == input.shape[1]
        && weight.shape[2] == weight.shape[3] && bias.shape == [weight.shape[0]],
      "weights \(weight.shape) and bias \(bias.shape) cannot be applied to images \(input.shape)")
    batch = input.shape[0]
    inputs = input.shape[1]
    outputs = weight.shape[0]
    kernel = weight.shape[2]
    height = input.shape[2]
    width = input.shape[3]
    self.resampling = resampling
    precondition(kernel == 3 || (kernel == 1 && resampling == .none), "a kernel of \(kernel) is not supported")
    switch resampling {
    case .none: (outHeight, outWidth) = (height, width)
    case .halved: (outHeight, outWidth) = (height / 2, width / 2)
    case .doubled: (outHeight, outWidth) = (2 * height, 2 * width)
    }
  }

  /// A convolution that keeps the size of the image.
  init(batch: Int, inputs: Int, outputs: Int, kernel: Int, height: Int, width: Int) {
    (self.batch, self.inputs, self.outputs, self.kernel) = (batch, inputs, outputs, kernel)
    (self.height, self.width, outHeight, outWidth) = (height, width, height, width)
    resampling = .none
  }

  /// The pixels of a channel of the input and of the output.
  var inPixels: Int { height * width }
  var outPixels: Int { outHeight * outWidth }

  /// The weights of an output channel for one input channel, and for all.
  var taps: Int { kernel * kernel }
  var depth: Int { inputs * taps }

  /// Whether the input itself is the matrix of columns.
  var isPointwise: Bool { kernel == 1 }

  /// The number of output pixels whose columns are made at once: what fits a core's second-level cache together with
  /// the weights that pass through. A function of the sizes alone, so that results are too.
  func blockLength(depth: Int) -> Int {
    min(1024, max(48, (1 << 17) / max(1, depth) / 16 * 16))
  }

  /// Writes the columns of output pixels `pixels`, in row-major order, for some input channels:
  /// `[channels.count * taps, pixels.count]`.
  ///
  /// - Parameter image: one sample of the input.
  func writeColumns(
    of image: UnsafePointer<Float>, channels: Range<Int>, pixels: Range<Int>, to columns: UnsafeMutablePointer<Float>
  ) {
    var row = columns
    for channel in channels {
      let plane = image + channel * inPixels
      for tap in 0..<taps {
        forEachRun(tap: tap, pixels: pixels) { start, source, length in
          let target = row + start
          guard let source else { return target.update(repeating: 0, count: length) }
          let line = plane + source.line * width
          switch resampling {
          case .none: target.update(from: line + source.column, count: length)
          case .halved: for i in 0..<length { target[i] = line[source.column + 2 * i] }
          case .doubled: for i in 0..<length { target[i] = line[(source.column + i) >> 1] }
          }
        }
        row += pixels.count
      }
    }
  }

  /// Adds columns back to the pixels that they were read from: the transpose of ``writeColumns(of:channels:pixels:to:)``.
  func addColumns(
    _ columns: UnsafePointer<Float>, channels: Range<Int>, pixels: Range<Int>, to image: UnsafeMutablePointer<Float>
  ) {
    var row = columns
    for channel in channels {
      let plane = image + channel * inPixels
      for tap in 0..<taps {
        forEachRun(tap: tap, pixels: pixels) { start, source, length in
          guard let source else { return }
          let values = row + start
          let line = plane + source.line * width
          switch resampling {
          case .none: for i in 0..<length { line[source.column + i] += values[i] }
          case .halved: for i in 0..<length { line[source.column + 2 * i] += values[i] }
          case .doubled: for i in 0..<length { line[(source.column + i) >> 1] += values[i] }
          }
        }
        row += pixels.count
      }
    }
  }

  /// Calls `body` for runs of output pixels that read neighbouring pixels through one tap: where the run begins, counted
  /// from the first of `pixels`; the line of the input and the column, of the doubled line where there is doubling; and
  /// its length. No source means zeros.
  @inline(__always)
  private func forEachRun(
    tap: Int, pixels: Range<Int>, _ body: (Int, (line: Int, column: Int)?, Int) -> Void
  ) {
    let step = resampling == .halved ? 2 : 1
    let zoom = resampling == .doubled ? 2 : 1
    let border = resampling == .halved ? 0 : kernel / 2
    let down = tap / kernel - border, right = tap % kernel - border
    // Output columns whose source lies in the image.
    let first = max(0, -right)
    let end = min(outWidth, (zoom * width - right + step - 1) / step)
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (line, column) = pixel.quotientAndRemainder(dividingBy: outWidth)
      let stop = min(outWidth, column + pixels.upperBound - pixel)
      let source = line * step + down
      let start = pixel - pixels.lowerBound
      if source < 0 || source >= zoom * height {
        body(start, nil, stop - column)
      } else {
        let inside = max(column, first)..<max(max(column, first), min(stop, end))
        let left = min(inside.lowerBound, stop)
        if column < left { body(start, nil, left - column) }
        if !inside.isEmpty, inside.lowerBound < stop {
          body(start + inside.lowerBound - column, (source / zoom, inside.lowerBound * step + right), inside.count)
        }
        let after = max(inside.upperBound, left)
        if after < stop { body(start + after - column, nil, stop - after) }
      }
      pixel += stop - column
    }
  }
}
