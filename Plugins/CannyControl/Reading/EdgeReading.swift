import ARPG

/// The edge image that the encoder sees, made of whatever a user gives.
public struct EdgeReading: Sendable {
  /// What the input was read as.
  public let input: EdgeInput
  /// The edges: grey, bright on black.
  public let image: Image

  /// Reads an input: a photograph is cropped, scaled and searched for edges, a drawing becomes bright lines on black.
  ///
  /// - Parameters:
  ///   - image: a photograph, an edge map or a sketch.
  ///   - input: what it is; nil decides by the image itself.
  ///   - detector: the thresholds for photographs.
  ///   - size: the size that the encoder expects; nil keeps the image's own.
  public init(
    _ image: Image, as input: EdgeInput? = nil, detector: CannyEdgeDetector = CannyEdgeDetector(), size: ImageSize?
  ) {
    self.input = input ?? EdgeInput(of: image)
    switch self.input {
    case .photo:
      let cropped = size.map(image.centreCropped) ?? image
      self.image = Image(width: cropped.width, height: cropped.height, grey: detector.edges(of: cropped))
    case .edges:
      self.image = Sketch(image).image(size: size)
    }
  }
}
