extension Tensor {
  /// The mean of each channel over its pixels: `[batch, channels, height, width]` to `[batch, channels]`.
  public func spatialMeans() -> Tensor {
    precondition(
      shape.count == 4 && shape[2] * shape[3] > 0, "the shape \(shape) is not [batch, channels, height, width]")
    let plane = shape[2] * shape[3], original = shape
    let means = Tensor(uninitialized: [shape[0], shape[1]])
    for channel in 0..<means.count {
      let values = UnsafeBufferPointer(start: pointer + channel * plane, count: plane)
      means.mutablePointer[channel] = Float(values.reduce(0.0) { $0 + Double($1) } / Double(plane))
    }
    return means.recorded(from: [self]) { gradient in
      let spread = Tensor(uninitialized: original)
      for channel in 0..<gradient.count {
        (spread.mutablePointer + channel * plane).update(
          repeating: gradient.pointer[channel] / Float(plane), count: plane)
      }
      return [spread]
    }
  }
}
