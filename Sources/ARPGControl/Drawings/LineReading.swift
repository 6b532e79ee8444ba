import ARPG

/// The image of lines that an encoder sees, made of whatever a user gives.
public struct LineReading: Sendable {
  /// What the input was read as.
  public let input: LineInput
  /// The lines: grey, bright on black.
  public let image: Image
  /// The pixels of the widest dark border around the source, which are left out; 0 for none.
  public let frame: Int

  /// Reads an input: a photograph is searched for lines on the canvas, a drawing becomes bright lines on black.
  ///
  /// - Parameters:
  ///   - image: a photograph, an edge map or a sketch.
  ///   - input: what it is; nil decides by the image itself.
  ///   - findLines: the lines of a photograph, one value for each pixel of the image that it is given, 255 on a line. Padding and
  ///     a dark border are taken out of them.
  public init(_ image: FittedImage, as input: LineInput? = nil, findLines: (Image) -> [UInt8]) {
    let frame = DarkFrame(of: image.source)
    let inside = frame.isEmpty ? image.source : frame.inside(of: image.source)
    self.input = input ?? LineInput(of: inside)
    self.frame = frame.width
    switch self.input {
    case .photo:
      let canvas = image.image
      var lines = findLines(canvas)
      let shown = frame.isEmpty ? nil : image.place(frame.inner(of: image.source), filter: .nearest, outside: 0).values
      let content = image.content
      for y in 0..<canvas.height {
        for x in 0..<canvas.width {
          let index = y * canvas.width + x
          let isShown = content.columns.contains(x) && content.rows.contains(y)
          if !isShown || (shown.map { $0[index] < 0.5 } ?? false) { lines[index] = 0 }
        }
      }
      self.image = Image(width: canvas.width, height: canvas.height, grey: lines)
    case .lines:
      let sketch = Sketch(inside)
      let ink = frame.isEmpty ? sketch.ink : frame.surrounding(sketch.ink, in: image.source)
      self.image = Sketch.image(of: ink, on: image)
    }
  }

  /// The lines as a control, with what the user should know of how they were read.
  ///
  /// - Parameters:
  ///   - choice: the value of the option `input`, see ``LineInput/init(choice:)``.
  ///   - word: the value of that option which stands for lines.
  ///   - phrase: what lines are called in a sentence: "edges or a sketch".
  public func control(choice: String, lines word: String, phrase: String) -> PreparedControl {
    var notes = ["read as \(input == .photo ? "a photograph" : phrase)"]
    if choice == "auto" { notes.append("use input=\(input == .photo ? word : "photo") if it is not") }
    if frame > 0 { notes.append("a dark frame around it is left out") }
    if !image.pixels.contains(where: { $0 > 0 }) {
      notes.append("there are no lines in it, so that it changes nothing")
    }
    return PreparedControl(controlImage: image, note: notes.joined(separator: "; "))
  }
}
