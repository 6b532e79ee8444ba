import ARPGKernels
import Foundation

/// What each channel of an image is multiplied with and shifted by, and whether SiLU follows: a normalisation that is applied where the
/// image is read.
package struct PixelNormalization: Sendable {
  /// A value for each float of a pixel.
  let scales, shifts: Tensor
  let silu: Bool
}

extension Pixels {
  /// How many pixels one sum of moments covers: a constant, so that sums do not depend on threads.
  private static let chunk = 1024

  /// The normalisation of groups of channels over all their pixels, each channel with a gain and a bias: `[channels]` each.
  ///
  /// Source: Wu and He, arXiv 1803.08494.
  package func normalization(groups: Int, gain: Tensor, bias: Tensor, eps: Float, silu: Bool) -> PixelNormalization {
    precondition(
      channels % groups == 0 && gain.shape == [channels] && bias.shape == [channels],
      "\(groups) groups with a gain of \(gain.shape) do not fit \(channels) channels")
    let span = TimeByPart.begin(.groupNorms)
    defer { span.end() }
    let stride = self.stride, chunks = (count + Self.chunk - 1) / Self.chunk
    let moments = Parallel.map(chunks) { chunk in
      var sums = [Double](repeating: 0, count: 2 * stride)
      let pixels = chunk * Self.chunk..<min(count, (chunk + 1) * Self.chunk)
      sums.withUnsafeMutableBufferPointer { sums in
        guard let base = sums.baseAddress else { return }
        pixelKernels.moments(
          storage.base + pixels.lowerBound * stride, base, base + stride, pixels.count, stride)
      }
      return sums
    }
    var scales = [Float](repeating: 0, count: stride), shifts = scales
    let width = channels / groups, values = Double(width * count)
    for group in 0..<groups {
      var sum = 0.0, square = 0.0
      for chunk in moments {
        for channel in group * width..<(group + 1) * width {
          sum += chunk[channel]
          square += chunk[stride + channel]
        }
      }
      let mean = sum / values
      let inverse = 1 / (max(0, square / values - mean * mean) + Double(eps)).squareRoot()
      for channel in group * width..<(group + 1) * width {
        let scale = Double(gain.pointer[channel]) * inverse
        scales[channel] = Float(scale)
        shifts[channel] = Float(Double(bias.pointer[channel]) - mean * scale)
      }
    }
    return PixelNormalization(
      scales: Tensor(shape: [stride], values: scales), shifts: Tensor(shape: [stride], values: shifts), silu: silu)
  }

  /// Writes some pixels in raster order, normalised where asked.
  func write(_ pixels: Range<Int>, _ normalization: PixelNormalization?, to target: UnsafeMutablePointer<Float>) {
    let source = storage.base + pixels.lowerBound * stride
    guard let normalization else { return target.update(from: source, count: pixels.count * stride) }
    pixelKernels.activate(
      source, normalization.scales.pointer, normalization.shifts.pointer, normalization.silu ? 1 : 0, target,
      pixels.count, stride)
  }

  /// The image normalised.
  package func normalized(_ normalization: PixelNormalization, _ memory: PixelMemory) -> Pixels {
    let span = TimeByPart.begin(.groupNorms)
    defer { span.end() }
    let result = Pixels(height: height, width: width, channels: channels, memory)
    Parallel.forRanges(count, grain: 1 << 10) { pixels in
      write(pixels, normalization, to: result.storage.base + pixels.lowerBound * stride)
    }
    return result
  }
}
