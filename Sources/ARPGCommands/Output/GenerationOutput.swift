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

  /// Writes one picture to the path; of several, a contact sheet there and each picture beside it.
  func write(_ images: [GeneratedImage]) throws -> PictureFiles.Written {
    let elements = Set(images.map(\.element)).count
    let perElement = images.count / max(1, elements)
    let isTable = elements > 1 && 2...16 ~= perElement
    return try PictureFiles(path: path).write(
      images.map(\.image), columns: isTable ? perElement : nil, text: { try text(for: images[$0]) },
      sheetText: [("arpg", parameters.text)])
  }

  /// Writes the picture so far of each image of the batch that is being decoded.
  func writePreview(_ state: GenerationProgress) throws {
    let pictures = try state.run.codes.map { try model.preview(of: $0, isDecoded: state.run.isDecoded) }
    let picture = pictures.count == 1 ? pictures[0] : ContactSheet().image(of: pictures)
    let batch = state.total > state.run.codes.count ? "-from-\(state.first + 1)" : ""
    let step = (state.step.index + 1).padded(to: String(settings.steps).count)
    try ImageFile.write(picture, to: PictureFiles(path: path).beside("\(batch)-step-\(step)"))
  }

  /// All that decides the pictures.
  var parameters: JSONValue {
    get throws {
      .object([
        "model": .string(model.folder.description.name),
        "seed": .number(Double(seed)),
        "settings": try JSONValue(settings),
        "controls": .array(
          controls.map { control in
            .object([
              "adapter": .string(control.adapter), "input": .string(control.input),
              "strength": .number(Double(control.strength)), "from": .number(control.from), "to": .number(control.to),
              "region": control.region.map(JSONValue.string) ?? .null,
              "options": .object(control.options.mapValues(JSONValue.string)),
            ])
          }),
      ])
    }
  }

  /// The result of the command as JSON.
  func json(_ images: [GeneratedImage], _ paths: PictureFiles.Written, seconds: Double) throws -> JSONValue {
    .object([
      "images": .array(
        zip(images, paths.pictures).map { image, path in
          .object([
            "path": .string(path), "element": .number(Double(image.element)), "number": .number(Double(image.number)),
          ])
        }),
      "sheet": paths.sheet.map(JSONValue.string) ?? .null,
      "parameters": try parameters,
      "seconds": .number((seconds * 1000).rounded() / 1000),
    ])
  }

  private func text(for image: GeneratedImage) throws -> [(keyword: String, value: String)] {
    guard case .object(var object) = try parameters else { return [] }
    object["element"] = .number(Double(image.element))
    object["number"] = .number(Double(image.number))
    return [("Software", "ARPG for Swift"), ("arpg", try JSONValue.object(object).text)]
  }
}
