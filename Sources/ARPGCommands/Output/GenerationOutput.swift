import ARPG
import ARPGImageFiles
import Foundation

/// The files that a command of generation writes, and what it says of them.
struct GenerationOutput {
  let path: String
  let seed: UInt64
  let settings: SamplingSettings
  let controls: [ControlArgument]
  let model: Model

  /// How many images there are of each element, and of how many elements.
  let count, elements: Int
  /// The number of the first image of each element.
  let firstNumber: Int

  private var files: OutputImages { OutputImages(path: path) }
  private var total: Int { count * elements }

  /// The files: one image at the path; of several, a contact sheet there and each image beside it.
  var written: OutputImages.Written { files.written(total) }

  /// The place of an image among all of them, from 0.
  func index(of image: GeneratedImage) -> Int { image.element * count + image.number }

  /// Writes one of the images.
  func write(_ image: GeneratedImage) throws {
    try ImageFile.write(image.image, to: files.name(index(of: image), of: total), text: text(for: image))
  }

  /// Writes the contact sheet of several images: those at hand, by their index, and others from their files.
  func writeSheet(atHand images: [Int: Image]) throws {
    guard total > 1 else { return }
    let isTable = elements > 1 && 2...16 ~= count
    try files.writeSheet(
      of: total, columns: isTable ? count : nil, text: [("arpg", parameters.text)]
    ) { try images[$0] ?? ImageFile.read(files.name($0, of: total)) }
  }

  /// Writes the image so far of each image of the batch that is being decoded.
  func writePreview(_ state: GenerationProgress) throws {
    let images = try state.run.codes.map { try model.preview(of: $0, isDecoded: state.run.isDecoded) }
    let image = images.count == 1 ? images[0] : ContactSheet().image(of: images)
    let batch = state.total > state.run.codes.count ? "-from-\(state.first + 1)" : ""
    let step = (state.step.index + 1).padded(to: String(settings.steps).count)
    try ImageFile.write(image, to: files.beside("\(batch)-step-\(step)"))
  }

  /// All that decides the images.
  var parameters: JSONValue {
    get throws {
      .object([
        "version": .string(ARPGCommand.version), "model": .string(model.description.name),
        "seed": .number(Double(seed)),
        "settings": try JSONValue(encoding: settings),
        "controls": .array(
          controls.map { control in
            .object([
              "adapter": .string(control.adapter), "input": .string(control.inputName),
              "strength": .number(Double(control.strength)), "from": .number(control.from), "to": .number(control.to),
              "region": control.region.map { .string(ControlArgument.name(of: $0)) } ?? .null,
              "options": .object(control.options.mapValues(JSONValue.string)),
            ])
          }),
      ])
    }
  }

  /// The result of the command as JSON.
  func json(seconds: Double) throws -> JSONValue {
    .object([
      "images": .array(
        written.images.enumerated().map { index, path in
          .object([
            "path": .string(path), "element": .number(Double(index / count)),
            "number": .number(Double(firstNumber + index % count)),
          ])
        }),
      "sheet": written.sheet.map(JSONValue.string) ?? .null,
      "parameters": try parameters,
      "seconds": .number((seconds * 1000).rounded() / 1000),
    ])
  }

  private func text(for image: GeneratedImage) throws -> [(keyword: String, value: String)] {
    guard case .object(var object) = try parameters else { return [] }
    object["element"] = .number(Double(image.element))
    object["number"] = .number(Double(firstNumber + image.number))
    return [
      ("Software", "ARPG for Swift"), ("arpg", try JSONValue.object(object).text), ("parameters", webUIParameters),
    ]
  }

  /// The settings in the words of A1111's WebUI, which many programs that sort images read: what is shown, then a line of
  /// settings.
  private var webUIParameters: String {
    let shown = controls.map { "\($0.adapter): \($0.inputName)" }.joined(separator: ", ")
    let settings = [
      "Steps: \(settings.steps)", "Sampler: ARPG \(settings.schedule.rawValue)", "CFG scale: \(settings.guidance)",
      "Seed: \(seed)", "Size: \(model.imageSize.width)x\(model.imageSize.height)", "Model: \(model.description.name)",
      "Version: ARPG for Swift \(ARPGCommand.version)",
    ].joined(separator: ", ")
    return shown.isEmpty ? settings : "\(shown)\n\(settings)"
  }
}
