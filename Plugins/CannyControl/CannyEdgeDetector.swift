import ARPGImages

/// Canny's edge detector (IEEE Transactions on Pattern Analysis and Machine Intelligence 8, 1986) exactly as OpenCV
/// computes it with a 3 x 3 aperture and the L1 norm of the gradient.
public struct CannyEdgeDetector: Sendable, Equatable {
  /// Gradients over this continue an edge. |dx| + |dy| of an 8-bit image is at most 2040.
  public let low: Int
  /// Gradients over this begin an edge.
  public let high: Int

  /// A detector with thresholds, in either order, fractions dropped downwards. Values beyond 0...2040 mean all or nothing.
  public init(low: Double = 100, high: Double = 200) {
    let thresholds = [low, high].map { Int(max(-1, min($0.isNaN ? 0 : $0, 2041)).rounded(.down)) }
    self.low = min(thresholds[0], thresholds[1])
    self.high = max(thresholds[0], thresholds[1])
  }

  /// The edges of an image, 255 on an edge and 0 elsewhere, `width * height` values. On colour the gradient at a pixel
  /// is that of the channel where it is largest.
  public func edges(of image: Image) -> [UInt8] {
    // Grey stored as RGB has three equal gradients.
    image.isGrey
      ? edges(
        of: stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }, width: image.width, channels: 1)
      : edges(of: image.pixels, width: image.width, channels: 3)
  }

  /// The edges of grey values, rows of `width`.
  public func edges(ofGrey grey: [UInt8], width: Int) -> [UInt8] {
    precondition(width > 0 && grey.count % width == 0, "\(grey.count) values are not rows of \(width)")
    return edges(of: grey, width: width, channels: 1)
  }

  private func edges(of samples: [UInt8], width: Int, channels: Int) -> [UInt8] {
    let height = samples.count / channels / width
    var gradients = Gradients(width: width, height: height)
    gradients.fill(from: samples, channels: channels)
    var marks = EdgeMarks(width: width, height: height)
    marks.suppress(gradients, low: Int32(low), high: Int32(high))
    marks.grow()
    return marks.edges
  }
}

/// Sobel gradients with a border of one pixel whose magnitude is zero.
private struct Gradients {
  let width: Int
  let height: Int
  /// The length of a row with its border.
  let stride: Int
  var dx: [Int16]
  var dy: [Int16]
  var magnitude: [Int32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = width + 2
    dx = [Int16](repeating: 0, count: stride * (height + 2))
    dy = dx
    magnitude = [Int32](repeating: 0, count: dx.count)
  }

  /// Gradients of the samples, the image continued by its outermost pixels. Of several channels the first of those with
  /// the largest magnitude counts.
  mutating func fill(from samples: [UInt8], channels: Int) {
    // Per sample of a row, and one pixel beyond either end: the column smoothed 1-2-1, and its difference.
    let samplesPerRow = width * channels
    var smooth = [Int16](repeating: 0, count: samplesPerRow + 2 * channels)
    var difference = smooth
    samples.withUnsafeBufferPointer { samples in
      for row in 0..<height {
        let above = max(row - 1, 0) * samplesPerRow
        let here = row * samplesPerRow
        let below = min(row + 1, height - 1) * samplesPerRow
        for index in 0..<samplesPerRow {
          let (top, bottom) = (Int16(samples[above + index]), Int16(samples[below + index]))
          smooth[channels + index] = top &+ bottom &+ 2 &* Int16(samples[here + index])
          difference[channels + index] = bottom &- top
        }
        for channel in 0..<channels {
          smooth[channel] = smooth[channels + channel]
          difference[channel] = difference[channels + channel]
          smooth[channels + samplesPerRow + channel] = smooth[samplesPerRow + channel]
          difference[channels + samplesPerRow + channel] = difference[samplesPerRow + channel]
        }
        fillRow(row, smooth: smooth, difference: difference, channels: channels)
      }
    }
  }

  private mutating func fillRow(_ row: Int, smooth: [Int16], difference: [Int16], channels: Int) {
    let output = (row + 1) * stride + 1
    for column in 0..<width {
      var best: (magnitude: Int32, dx: Int16, dy: Int16) = (-1, 0, 0)
      for channel in 0..<channels {
        let left = column * channels + channel
        let (middle, right) = (left + channels, left + 2 * channels)
        let x = smooth[right] &- smooth[left]
        let y = difference[left] &+ 2 &* difference[middle] &+ difference[right]
        let sum = Int32(abs(x)) &+ Int32(abs(y))
        if sum > best.magnitude { best = (sum, x, y) }
      }
      magnitude[output + column] = best.magnitude
      dx[output + column] = best.dx
      dy[output + column] = best.dy
    }
  }
}

/// What each pixel is found to be, with a border of one pixel that is no edge.
private struct EdgeMarks {
  private static let candidate: UInt8 = 0
  private static let none: UInt8 = 1
  private static let edge: UInt8 = 2
  /// The tangent of 22.5 degrees with 15 bits after the point.
  private static let tangent: Int32 = 13573

  let width: Int
  let height: Int
  let stride: Int
  private var marks: [UInt8]
  private var pending: [Int] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = width + 2
    marks = [UInt8](repeating: Self.none, count: stride * (height + 2))
  }

  /// Keeps pixels over the low threshold whose gradient is largest along its direction; those over the high one are edges.
  mutating func suppress(_ gradients: Gradients, low: Int32, high: Int32) {
    gradients.magnitude.withUnsafeBufferPointer { magnitude in
      for row in 1...height {
        for index in row * stride + 1...row * stride + width where magnitude[index] > low {
          let (x, y) = (Int32(gradients.dx[index]), Int32(gradients.dy[index]))
          let step = Self.neighbour(x, y, stride: stride)
          // Of two equal gradients in a row or column the first is kept, of two on a diagonal neither.
          let isDiagonal = step != 1 && step != stride
          guard magnitude[index] > magnitude[index - step], magnitude[index] >= magnitude[index + step],
            !isDiagonal || magnitude[index] > magnitude[index + step]
          else { continue }
          if magnitude[index] > high {
            marks[index] = Self.edge
            pending.append(index)
          } else {
            marks[index] = Self.candidate
          }
        }
      }
    }
  }

  /// How far, in memory, the neighbour along the gradient is: right, down, or on the diagonal below.
  private static func neighbour(_ x: Int32, _ y: Int32, stride: Int) -> Int {
    let low = abs(x) &* tangent
    let vertical = abs(y) << 15
    if vertical < low { return 1 }
    // tan(67.5) = tan(22.5) + 2
    if vertical > low &+ abs(x) << 16 { return stride }
    return (x ^ y) < 0 ? stride - 1 : stride + 1
  }

  /// Turns candidates that touch an edge into edges.
  mutating func grow() {
    let around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
    while let index = pending.popLast() {
      for step in around where marks[index + step] == Self.candidate {
        marks[index + step] = Self.edge
        pending.append(index + step)
      }
    }
  }

  var edges: [UInt8] {
    var edges: [UInt8] = []
    edges.reserveCapacity(width * height)
    for row in 1...height {
      for mark in marks[row * stride + 1...row * stride + width] { edges.append(mark == Self.edge ? 255 : 0) }
    }
    return edges
  }
}
