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

  /// The files written.
  struct Paths {
    /// The contact sheet, where there are several pictures.
    var sheet: String?
    /// Each picture.
    var images: [String]

    var all: [String] { [sheet].compactMap { $0 } + images }
  }

  /// Writes one picture to the path; of several, a contact sheet there and each picture beside it with its number.
  func write(_ images: [GeneratedImage]) throws -> Paths {
    guard images.count > 1 else {
      for image in images { try ImageFile.write(image.image, to: path, text: text(for: image)) }
      return Paths(images: [path])
    }
    let width = String(images.count).count
    var paths = Paths(images: [])
    for (index, image) in images.enumerated() {
      let digits = String(index + 1)
      let name = beside("-" + String(repeating: "0", count: width - digits.count) + digits)
      try ImageFile.write(image.image, to: name, text: text(for: image))
      paths.images.append(name)
    }
    let elements = Set(images.map(\.element)).count
    let perElement = images.count / elements
    let columns = elements > 1 && perElement > 1 && perElement <= 16 ? perElement : nil
    let sheet = ContactSheet(columns: columns).image(of: images.map(\.image))
    try ImageFile.write(sheet, to: path, text: [("arpg", try parameters.text)])
    paths.sheet = path
    return paths
  }

  /// Writes the picture so far of each image of the batch that is being decoded.
  func writePreview(_ state: GenerationProgress) throws {
    let pictures = try state.run.codes.map { try model.preview(of: $0, isDecoded: state.run.isDecoded) }
    let picture = pictures.count == 1 ? pictures[0] : ContactSheet().image(of: pictures)
    let batch = state.total > state.run.codes.count ? "-from-\(state.first + 1)" : ""
    let digits = String(state.step.index + 1)
    let width = String(settings.steps).count
    let step = String(repeating: "0", count: max(0, width - digits.count)) + digits
    try ImageFile.write(picture, to: beside("\(batch)-step-\(step)"))
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
  func json(_ images: [GeneratedImage], _ paths: Paths, seconds: Double) throws -> JSONValue {
    .object([
      "images": .array(
        zip(images, paths.images).map { image, path in
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

  /// The output's path with something between its name and its extension.
  private func beside(_ suffix: String) -> String {
    let url = URL(fileURLWithPath: path)
    let prefix = path.dropLast(url.pathExtension.isEmpty ? 0 : url.pathExtension.count + 1)
    return prefix + suffix + (url.pathExtension.isEmpty ? "" : "." + url.pathExtension)
  }
}
