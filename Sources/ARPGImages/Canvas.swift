/// Pixels on which images and text are put together.
struct Canvas {
  let width, height: Int
  private var pixels: [UInt8]

  /// A canvas of one grey.
  init(width: Int, height: Int, grey: UInt8) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: grey, count: width * height * 3)
  }

  /// What is on the canvas.
  var image: Image { Image(width: width, height: height, pixels: pixels) }

  /// Puts an image on the canvas, which must hold all of it.
  mutating func place(_ image: Image, left: Int, top: Int) {
    for row in 0..<image.height {
      let start = ((top + row) * width + left) * 3
      let source = row * image.width * 3
      pixels.replaceSubrange(start..<start + image.width * 3, with: image.pixels[source..<source + image.width * 3])
    }
  }

  /// Writes text; what lies outside the canvas is left out.
  mutating func write(_ text: TextBlock, left: Int, top: Int, grey: UInt8) {
    let scale = text.scale
    for (line, characters) in text.lines.enumerated() {
      for (column, character) in characters.enumerated() {
        for y in 0..<BitmapFont.height * scale {
          for x in 0..<BitmapFont.width * scale
          where BitmapFont.isSet(character, x: x / scale, y: y / scale) {
            let place = (
              x: left + column * BitmapFont.advance * scale + x, y: top + line * BitmapFont.lineHeight * scale + y
            )
            guard 0..<width ~= place.x, 0..<height ~= place.y else { continue }
            let start = (place.y * width + place.x) * 3
            for channel in 0..<3 { pixels[start + channel] = grey }
          }
        }
      }
    }
  }
}
