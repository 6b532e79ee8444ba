import ARPG
import ARPGImageFiles

/// An edit as it stands on the command line.
struct EditInput {
  let image: String
  let options: EditOptions

  /// The paths of the files that are read and may not be replaced.
  var protected: [String] { (options.force ? [] : [image]) + [options.mask].compactMap { $0 } }

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - model: decodes an image that is given by its codes.
  ///   - limit: what an image may ask for.
  ///   - note: is told what the user should know.
  /// - Throws: where a file cannot be read, or nothing says what is to change.
  func read(for model: Model, limit: ImageLimits, note: (String) -> Void) throws -> ReadEdit {
    let file = try InputFile(image, limit: limit), mask = try options.mask.map { try InputFile($0, limit: limit) }
    let codes = try image.lowercased().hasSuffix(".npy") ? codes(for: model) : nil
    let picture = try codes.map { try model.image(of: $0) } ?? file.image(note: note)
    let margins = options.outpaint?.margins ?? .none
    guard mask != nil || !options.boxes.isEmpty || margins != .none || options.keep != nil || picture.alpha != nil
    else {
      throw CommandError(
        "\(image): nothing says what is to change; give --mask, --box, --outpaint or --keep, or an image that is transparent there"
      )
    }
    let edit = Edit(
      picture, codes: codes, mask: try mask?.image(note: note), boxes: options.boxes, margins: margins,
      threshold: options.maskThreshold, grow: options.grow,
      keep: options.keep.map { KeptShare($0, by: options.keepBy) }, paste: options.paste)
    func told(_ path: String, _ file: InputFile) -> (name: String, fingerprint: String) {
      (path == InputFile.standardInput ? "standard input" : ControlArgument.name(of: path), file.fingerprint)
    }
    let maskTold = options.mask.flatMap { path in mask.map { told(path, $0) } }
    return ReadEdit(edit: edit, parameters: try edit.record(image: told(image, file), mask: maskTold))
  }

  /// The codes of one image, as `arpg encode` writes them.
  private func codes(for model: Model) throws -> [Int] {
    let file = try NPYFile(contentsOf: image), layout = model.layout
    guard file.values.count == layout.tokens, file.values.allSatisfy({ 0..<layout.vocab ~= $0 }) else {
      throw CommandError(
        "\(image): an array of the shape \(file.shape), expected the \(layout.tokens) codes of one image, 0 to \(layout.vocab - 1), as arpg encode writes them"
      )
    }
    return file.values
  }
}

/// An edit with its images, and what of it is written into the results.
struct ReadEdit {
  let edit: Edit
  let parameters: JSONValue
}
