import ARPG
import Foundation

/// An adapter with an option of every kind and further inputs: a stamp of one colour on a ground, as large as the number of
/// bytes in a file. It moves all tokens of the last layer by the same, so that it needs no weights.
struct StampControl: ControlAdapter, ControlPreprocessor, FittedAdapter {
  let descriptor = AdapterDescriptor(
    name: "stamp", summary: "a stamp to follow", input: .text, inputSummary: "what is written on it", example: "hello",
    shorthand: "stamp",
    options: [
      .number("level", "how dark it is", range: 0...1, step: 0.25, default: 0.5),
      .whole("side", "its side", range: 1...9, step: 2, unit: "cells", default: 3),
      .choice("shape", "its shape", ["square", "round"]),
      .toggle("inverted", "whether ground and stamp are swapped"),
      .text("note", "what to say", example: "a, b"),
      .colour("tint", "its colour", default: RGBColour(red: 255, green: 0, blue: 0)),
      .input("points", "a file that tells its size", .file, isRequired: true),
      .input("ground", "an image to stamp on", .image),
    ])

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .text(let text) = input, let bytes = options.file("points") else { throw DecoderError.noText }
    let size = context.imageSize ?? ImageSize(width: 16, height: 16)
    let ground = options.image("ground")?.image
    let tint = options.colour("tint") ?? RGBColour(red: 0, green: 0, blue: 0)
    let side = min(options.whole("side") * bytes.count, size.width)
    let pixels = (0..<size.width * size.height).flatMap { pixel -> [UInt8] in
      let isStamp = pixel % size.width < side && pixel / size.width < side
      let under = ground.map { Array($0.pixels[pixel * 3..<pixel * 3 + 3]) } ?? [255, 255, 255]
      return isStamp != options.isOn("inverted") ? [tint.red, tint.green, tint.blue] : under
    }
    let note = [text, options.text("note"), options.choice("shape")].compactMap { $0 }.joined(separator: "|")
    return [
      PreparedControl(
        values: Tensor(shape: [1], values: [Float(options.number("level"))]),
        image: Image(width: size.width, height: size.height, pixels: pixels), note: note)
    ]
  }

  func fit(to model: AdapterModel) -> any FittedAdapter { self }

  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) -> any ControlEncoder {
    StampEncoder(layout: parts.decoder.layout)
  }
}

private struct StampEncoder: ControlEncoder {
  let layout: DecoderLayout

  func encode(_ batch: [PreparedControl]) -> Condition {
    let row = layout.tokens * layout.dim
    let values = batch.flatMap { Array(repeating: $0.values.scalar, count: row) }
    return Condition(
      tokens: [layout.injectableLayers - 1: Tensor(shape: [batch.count, layout.tokens, layout.dim], values: values)])
  }
}
