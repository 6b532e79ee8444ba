import ARPGTensor

/// Turns images into tokens: one for each square of pixels.
public protocol VisionEncoder: Sendable {
  /// The width of a token.
  var width: Int { get }
  /// The side in pixels of the square that a token stands for.
  var patch: Int { get }

  /// Images `[batch, 3, height, width]` in -1 ... 1, both sides multiples of ``patch``, to tokens in raster order,
  /// `[batch, height / patch * width / patch, width]`. Differentiable.
  func encode(_ images: Tensor) -> Tensor
}
