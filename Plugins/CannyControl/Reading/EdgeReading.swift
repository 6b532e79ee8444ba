import ARPG

/// The edge image that the encoder sees, made of whatever a user gives.
public struct EdgeReading: Sendable {
  /// What the input was read as.
  public let input: EdgeInput
  /// The edges: grey, bright on black.
  public let image: Image
  /// The pixels of the widest dark border around the source, which are left out; 0 for none.
  public let frame: Int

  /// Reads an input: a photograph is searched for edges on the canvas, a drawing becomes bright lines on black.
  ///
  /// - Parameters:
  ///   - image: a photograph, an edge map or a sketch.
  ///   - input: what it is; nil decides by the image itself.
  ///   - detector: the thresholds for photographs.
  public init(
    _ image: FittedImage, as input: EdgeInput? = nil, detector: CannyEdgeDetector = CannyEdgeDetector()
  ) {
    let frame = DarkFrame(of: image.source)
    let inside = frame.isEmpty ? image.source : frame.inside(of: image.source)
    self.input = input ?? EdgeInput(of: inside)
    self.frame = frame.width
    switch self.input {
    case .photo:
      let canvas = image.image
      var edges = detector.edges(of: canvas)
      let shown = frame.isEmpty ? nil : image.place(frame.inner(of: image.source), filter: .nearest, outside: 0).values
      let content = image.content
      for y in 0..<canvas.height {
        for x in 0..<canvas.width {
          let index = y * canvas.width + x
          let isShown = content.columns.contains(x) && content.rows.contains(y)
          if !isShown || (shown.map { $0[index] < 0.5 } ?? false) { edges[index] = 0 }
        }
      }
      self.image = Image(width: canvas.width, height: canvas.height, grey: edges)
    case .edges:
      let sketch = Sketch(inside)
      let ink = frame.isEmpty ? sketch.ink : frame.surrounding(sketch.ink, in: image.source)
      self.image = Sketch.image(of: ink, on: image)
    }
  }
}
