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
  /// - Throws: where a file cannot be read, or nothing says what is to change.
  func read(limit: ImageLimits, note: (String) -> Void) throws -> ReadEdit {
    let file = try InputFile(image, limit: limit), mask = try options.mask.map { try InputFile($0, limit: limit) }
    let picture = try file.image(note: note)
    let margins = options.outpaint?.margins ?? .none
    guard mask != nil || !options.boxes.isEmpty || margins != .none || options.keep != nil || picture.alpha != nil
    else {
      throw CommandError(
        "\(image): nothing says what is to change; give --mask, --box, --outpaint or --keep, or an image that is transparent there"
      )
    }
    let edit = Edit(
      picture, mask: try mask?.image(note: note), boxes: options.boxes, margins: margins,
      threshold: options.maskThreshold, grow: options.grow,
      keep: options.keep.map { KeptShare($0, by: options.keepBy) }, paste: options.paste)
    func name(_ path: String) -> JSONValue {
      .string(path == InputFile.standardInput ? "standard input" : ControlArgument.name(of: path))
    }
    let parameters: [String: JSONValue?] = [
      "image": name(image), "fingerprint": .string(file.fingerprint), "mask": options.mask.map(name),
      "mask_fingerprint": mask.map { .string($0.fingerprint) },
      "boxes": .array(options.boxes.map { .string("\($0)") }),
      "margins": margins == .none ? nil : try JSONValue(encoding: margins),
      "keep": options.keep.map(JSONValue.number),
      "keep_by": options.keep.map { _ in .string(options.keepBy.rawValue) },
      "mask_threshold": .number(options.maskThreshold), "grow": .number(Double(options.grow)),
      "paste": .string(options.paste.rawValue),
    ]
    return ReadEdit(edit: edit, parameters: .object(parameters.compactMapValues { $0 }))
  }
}

/// An edit with its images, and what of it is written into the results.
struct ReadEdit {
  let edit: Edit
  let parameters: JSONValue
}
