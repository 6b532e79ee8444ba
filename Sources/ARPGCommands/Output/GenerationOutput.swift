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

  /// How many pictures there are of each element, and of how many elements.
  let count, elements: Int

  private var files: PictureFiles { PictureFiles(path: path) }
  private var total: Int { count * elements }

  /// The files: one picture at the path; of several, a contact sheet there and each picture beside it.
  var written: PictureFiles.Written { files.written(total) }

  /// The place of a picture among all of them, from 0.
  func index(of picture: GeneratedImage) -> Int { picture.element * count + picture.number }

  /// Writes one of the pictures.
  func write(_ picture: GeneratedImage) throws {
    try ImageFile.write(picture.image, to: files.name(index(of: picture), of: total), text: text(for: picture))
  }

  /// Writes the contact sheet of several pictures: those at hand, by their index, and others from their files.
  func writeSheet(atHand pictures: [Int: Image]) throws {
    guard total > 1 else { return }
    let isTable = elements > 1 && 2...16 ~= count
    try files.writeSheet(
      of: total, columns: isTable ? count : nil, text: [("arpg", parameters.text)]
    ) { try pictures[$0] ?? ImageFile.read(files.name($0, of: total)) }
  }

  /// Writes the picture so far of each image of the batch that is being decoded.
  func writePreview(_ state: GenerationProgress) throws {
    let pictures = try state.run.codes.map { try model.preview(of: $0, isDecoded: state.run.isDecoded) }
    let picture = pictures.count == 1 ? pictures[0] : ContactSheet().image(of: pictures)
    let batch = state.total > state.run.codes.count ? "-from-\(state.first + 1)" : ""
    let step = (state.step.index + 1).padded(to: String(settings.steps).count)
    try ImageFile.write(picture, to: files.beside("\(batch)-step-\(step)"))
  }

  /// All that decides the pictures.
  var parameters: JSONValue {
    get throws {
      .object([
        "model": .string(model.description.name),
        "seed": .number(Double(seed)),
        "settings": try JSONValue(encoding: settings),
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
  func json(seconds: Double) throws -> JSONValue {
    .object([
      "images": .array(
        written.pictures.enumerated().map { index, path in
          .object([
            "path": .string(path), "element": .number(Double(index / count)), "number": .number(Double(index % count)),
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
    object["number"] = .number(Double(image.number))
    return [("Software", "ARPG for Swift"), ("arpg", try JSONValue.object(object).text)]
  }
}
