import ARPG
import ARPGImageFiles
import Foundation

/// The files that a command of generation writes, and what it says of them.
struct GenerationOutput {
  let path: String
  let model: Model
  let record: GenerationRecord

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
    let step = (state.step.index + 1).padded(to: String(record.settings.steps).count)
    try ImageFile.write(image, to: files.beside("\(batch)-step-\(step)"))
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
      "parameters": try record.json,
      "seconds": .number((seconds * 1000).rounded() / 1000),
    ])
  }

  /// What is stored with all images together; what an image says, where there is one.
  var textOfAll: [(keyword: String, value: String)] {
    get throws { total == 1 ? try text(element: 0, number: 0) : [(GenerationRecord.keyword, try record.json.text)] }
  }

  private func text(element: Int, number: Int) throws -> [(keyword: String, value: String)] {
    try record.text(element: element, number: firstNumber + number)
  }
}

extension [ReadControl] {
  /// The controls as images tell them.
  ///
  /// - Parameters:
  ///   - readings: how each input was read.
  ///   - model: knows what the files of adapters say of themselves.
  func record(_ readings: [String?], _ model: Model) throws -> [GenerationRecord.Control] {
    try zip(self, readings).map { control, reading in
      let argument = control.argument
      return GenerationRecord.Control(
        control.specification, input: argument.inputName, fingerprint: control.fingerprint, reading: reading,
        region: argument.region.map(ControlArgument.name), regionFingerprint: control.regionFingerprint,
        inputs: control.inputNames, inputFingerprints: control.fingerprints,
        manifest: try model.manifest(ofAdapter: argument.adapter))
    }
  }
}
