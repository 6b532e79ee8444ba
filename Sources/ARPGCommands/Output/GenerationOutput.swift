import ARPG
import ARPGImageFiles
import Foundation

/// The files that a command of generation writes, and what it says of them.
struct GenerationOutput {
  let path: String
  let seed: UInt64
  let settings: SamplingSettings
  let controls: [ReadControl]
  /// How each control's input was read; nil where there is nothing to tell.
  let readings: [String?]
  /// What is changed of which image; nil for images that are made from nothing.
  var edit: JSONValue?
  let model: Model
  /// What tells the weights from others, by part.
  let fingerprints: [String: String]
  /// What the files of adapters say of themselves, by their names.
  let manifests: [String: AdapterManifest]

  /// How many images there are of each element, and of how many elements.
  let count, elements: Int
  /// The number of the first image of each element.
  let firstNumber: Int
  /// What stands under the images of a sheet; nil for nothing.
  var labels: ImageLabels?

  private var files: OutputImages { OutputImages(path: path) }
  /// How many images there are.
  var total: Int { count * elements }

  /// The files: one image at the path; of several, a contact sheet there and each image beside it.
  var written: OutputImages.Written { files.written(total) }

  /// The place of an image among all of them, from 0.
  func index(of image: GeneratedImage) -> Int { image.element * count + image.number }

  /// Writes one of the images.
  func write(_ image: GeneratedImage) throws {
    try files.write(image.image, index(of: image), of: total, text: text(element: image.element, number: image.number))
  }

  /// Writes the contact sheet of several images: those at hand, by their index, and others from their files.
  func writeSheet(atHand images: [Int: Image]) throws {
    guard total > 1 else { return }
    try files.writeSheet(of: total, columns: columns, labels: labels.map { labels in { labels[$0] } }, text: textOfAll)
    {
      try images[$0] ?? ImageFile.read(files.name($0, of: total))
    }
  }

  /// The columns of the contact sheet; nil for the squarest.
  private var columns: Int? { elements > 1 && 2...16 ~= count ? count : nil }

  /// The image so far of each image of the batch that is being decoded; of several, a sheet.
  func frame(_ state: GenerationProgress, undecided: UndecidedCells) throws -> Image {
    let images = try model.previews(of: state.run, undecided: undecided)
    guard images.count > 1 else { return images[0] }
    let sheet = ContactSheet(columns: images.count == total ? columns : nil)
    guard let labels else { return sheet.image(of: images) }
    return sheet.image(of: images, labels: images.indices.map { labels[state.first + $0] })
  }

  /// Writes the image so far of each image of the batch that is being decoded.
  func writePreview(_ state: GenerationProgress, undecided: UndecidedCells) throws {
    let image = try frame(state, undecided: undecided)
    let batch = state.total > state.run.codes.count ? "-from-\(state.first + 1)" : ""
    let step = (state.step.index + 1).padded(to: String(settings.steps).count)
    try ImageFile.write(image, to: files.beside("\(batch)-step-\(step)"))
  }

  /// All that decides the images.
  var parameters: JSONValue {
    get throws {
      .object(
        [
          "version": .string(ARPGCommandLine.packageVersion), "model": .string(model.description.name),
          "weights": .object(fingerprints.mapValues(JSONValue.string)),
          "seed": .number(Double(seed)),
          "settings": try JSONValue(encoding: settings),
          "controls": .array(zip(controls, readings).map(parameters)),
        ].merging(edit.map { ["edit": $0] } ?? [:]) { $1 }
          .merging(model.precision == .float32 ? [:] : ["precision": .string(model.precision.rawValue)]) { $1 }
          .merging(model.imageSize == model.trainedSize ? [:] : ["size": .string(model.imageSize.text)]) { $1 })
    }
  }

  /// What decides the images of a control, and how its input was read.
  private func parameters(of control: ReadControl, reading: String?) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    let argument = control.argument, manifest = manifests[argument.adapter]
    return .object(
      [
        "adapter": .string(argument.adapter), "kind": text(manifest?.adapter),
        "adapter_version": text(manifest?.version), "input": .string(argument.inputName),
        "fingerprint": text(control.fingerprint), "reading": text(reading),
        "strength": .number(Double(argument.strength)), "from": .number(argument.from), "to": .number(argument.to),
        "region": text(argument.region.map(ControlArgument.name)),
        "region_fingerprint": text(control.regionFingerprint),
        "guidance": argument.guidance.map { .number(Double($0)) } ?? .null,
        "options": .object(control.namedOptions.mapValues(JSONValue.string)),
      ].merging(
        control.fingerprints.isEmpty
          ? [:] : ["input_fingerprints": .object(control.fingerprints.mapValues(JSONValue.string))]
      ) { $1 })
  }

  /// The result of the command as JSON.
  func json(seconds: Double, animation: String?) throws -> JSONValue {
    .object([
      "images": .array(
        written.images.enumerated().map { index, path in
          .object([
            "path": .string(path), "element": .number(Double(index / count)),
            "number": .number(Double(firstNumber + index % count)),
          ])
        }),
      "sheet": written.sheet.map(JSONValue.string) ?? .null,
      "animation": animation.map(JSONValue.string) ?? .null,
      "parameters": try parameters,
      "seconds": .number((seconds * 1000).rounded() / 1000),
    ])
  }

  /// What is stored with all images together; what an image says, where there is one.
  var textOfAll: [(keyword: String, value: String)] {
    get throws { total == 1 ? try text(element: 0, number: 0) : [("arpg", try parameters.text)] }
  }

  private func text(element: Int, number: Int) throws -> [(keyword: String, value: String)] {
    guard case .object(var object) = try parameters else { return [] }
    object["element"] = .number(Double(element))
    object["number"] = .number(Double(firstNumber + number))
    return [
      ("Software", "ARPG for Swift"), ("arpg", try JSONValue.object(object).text), ("parameters", webUIParameters),
    ]
  }

  /// The settings in the words of A1111's WebUI, which many programs that sort images read: what is shown, then a line of
  /// settings.
  private var webUIParameters: String {
    let shown = controls.map { "\($0.argument.adapter): \($0.argument.inputName)" }.joined(separator: ", ")
    let settings = [
      "Steps: \(settings.steps)", "Sampler: ARPG \(settings.schedule.rawValue)", "CFG scale: \(settings.guidance)",
      "Seed: \(seed)", "Size: \(model.imageSize.width)x\(model.imageSize.height)", "Model: \(model.description.name)",
      fingerprints["decoder"].map { "Model hash: \($0.prefix(10))" },
      "Version: ARPG for Swift \(ARPGCommandLine.packageVersion)",
    ].compactMap { $0 }.joined(separator: ", ")
    return shown.isEmpty ? settings : "\(shown)\n\(settings)"
  }
}

extension Model {
  /// What the files of some adapters say of themselves; those that say nothing are left out.
  func manifests(ofAdapters names: Set<String>) throws -> [String: AdapterManifest] {
    try names.reduce(into: [:]) { $0[$1] = try manifest(ofAdapter: $1) }
  }
}
