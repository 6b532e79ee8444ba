import Foundation

extension Plane {
  /// The plane blurred by a Gaussian, the image continued by its outermost pixels.
  ///
  /// - Parameters:
  ///   - sigma: the standard deviation in pixels, over 0.
  ///   - radius: how far the blur reaches in pixels; nil for three standard deviations.
  public func blurred(sigma: Float, radius: Int? = nil) -> Plane {
    precondition(sigma > 0 && radius ?? 0 >= 0, "a blur of \(sigma) over \(radius ?? 0) pixels cannot be")
    let radius = radius ?? Int((3 * sigma).rounded(.up))
    let weights = (-radius...radius).map { Float(exp(-0.5 * Double($0 * $0) / Double(sigma * sigma))) }
    let total = weights.reduce(0, +)
    let kernel = weights.map { $0 / total }
    let across = sums(of: kernel, along: (width, 1), lines: (height, width))
    return across.sums(of: kernel, along: (height, width), lines: (width, 1))
  }

  /// Weighted sums of neighbours within each line; extents and the distances in memory between neighbours.
  private func sums(
    of kernel: [Float], along line: (count: Int, step: Int), lines: (count: Int, step: Int)
  ) -> Plane {
    let radius = kernel.count / 2
    var result = values
    for start in stride(from: 0, to: lines.count * lines.step, by: lines.step) {
      for place in 0..<line.count {
        var sum: Float = 0
        for (tap, weight) in kernel.enumerated() {
          let neighbour = max(0, min(place + tap - radius, line.count - 1))
          sum += weight * values[start + neighbour * line.step]
        }
        result[start + place * line.step] = sum
      }
    }
    return Plane(width: width, height: height, values: result)
  }
}
