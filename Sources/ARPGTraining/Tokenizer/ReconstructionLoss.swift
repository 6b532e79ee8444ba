import ARPGTensor

/// How far images are from what they should be, in luma and chroma, pixel by pixel and in the differences between
/// neighbours.
///
/// A loss over red, green and blue alone lets hues fade while edges sharpen: brightness carries most of the error. Here
/// luma and both chroma channels (ITU-R BT.601) count by weights of their own, and differences of luma between neighbours
/// keep edges where they are.
package struct ReconstructionLoss: Sendable, Equatable, Codable {
  /// The weight of absolute errors of luma.
  package var luma: Float = 1
  /// The weight of absolute errors of each chroma channel.
  package var chroma: Float = 1
  /// The weight of absolute errors of the differences of luma to the right and lower neighbours.
  package var gradient: Float = 1
  /// The weight of squared errors of red, green and blue.
  package var square: Float = 1

  /// All weights are 1 unless told otherwise.
  package init() {}

  /// The rows of the transform: luma, blue difference, red difference.
  private static let transform: [SIMD3<Float>] = [
    SIMD3(0.299, 0.587, 0.114), SIMD3(-0.168_736, -0.331_264, 0.5), SIMD3(0.5, -0.418_688, -0.081_312),
  ]

  /// The loss, averaged over pixels: `[batch, 3, height, width]` twice, to a scalar. Differentiable with respect to
  /// `images`.
  package func callAsFunction(_ images: Tensor, target: Tensor) -> Tensor {
    precondition(images.shape == target.shape && images.shape.count == 4 && images.shape[1] == 3, "shapes differ")
    let (total, slope) = images.withValues { x in target.withValues { y in evaluate(x, y, images.shape) } }
    return Tensor(shape: [], values: [Float(total)]).recorded(from: [images]) { [slope.scaled(by: $0.scalar)] }
  }

  /// The loss, and its gradient with respect to the images.
  private func evaluate(
    _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>, _ shape: [Int]
  ) -> (Double, Tensor) {
    let batch = shape[0], height = shape[2], width = shape[3], plane = height * width
    let slope = Tensor(shape: shape, repeating: 0)
    let totals = Tensor(shape: [batch], repeating: 0)
    nonisolated(unsafe) let (x, y) = (x, y)
    Parallel.forEach(batch) { image in
      let start = image * 3 * plane
      var luma = [Float](repeating: 0, count: plane), pull = luma
      var total: Float = 0
      slope.withUnsafeMutableValues { slope in
        for pixel in 0..<plane {
          let at = SIMD3(start + pixel, start + plane + pixel, start + 2 * plane + pixel)
          let error = SIMD3(x[at.x] - y[at.x], x[at.y] - y[at.y], x[at.z] - y[at.z])
          luma[pixel] = (Self.transform[0] * error).sum()
          var gradient = 2 * square / 3 * error
          total += square / 3 * (error * error).sum() + self.luma * abs(luma[pixel])
          pull[pixel] += self.luma * Self.sign(luma[pixel])
          for row in Self.transform[1...] {
            let difference = (row * error).sum()
            total += chroma * abs(difference)
            gradient += chroma * Self.sign(difference) * row
          }
          for channel in 0..<3 { slope[at[channel]] = gradient[channel] }
        }
        total += addGradients(of: luma, to: &pull, height: height, width: width)
        for pixel in 0..<plane {
          for channel in 0..<3 { slope[start + channel * plane + pixel] += pull[pixel] * Self.transform[0][channel] }
        }
      }
      totals.withUnsafeMutableValues { $0[image] = total }
    }
    let pixels = Float(batch * plane)
    return (totals.values.reduce(0.0) { $0 + Double($1) } / Double(pixels), slope.scaled(by: 1 / pixels))
  }

  /// The weighted absolute differences of the luma error between neighbours; adds their slopes to `pull`.
  private func addGradients(of luma: [Float], to pull: inout [Float], height: Int, width: Int) -> Float {
    var total: Float = 0
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        if column + 1 < width { add(pixel + 1, pixel) }
        if row + 1 < height { add(pixel + width, pixel) }
      }
    }
    return total

    func add(_ next: Int, _ pixel: Int) {
      let difference = luma[next] - luma[pixel]
      total += gradient * abs(difference)
      pull[next] += gradient * Self.sign(difference)
      pull[pixel] -= gradient * Self.sign(difference)
    }
  }

  private static func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }
}
