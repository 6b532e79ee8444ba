extension Edit {
  /// What images tell of the edit: see ``GenerationRecord/edit``.
  ///
  /// - Parameters:
  ///   - image: what the image to change was called, and a hash of its bytes.
  ///   - mask: the same of the mask; nil where there is none.
  public func record(
    image: (name: String, fingerprint: String), mask: (name: String, fingerprint: String)?
  ) throws -> JSONValue {
    let fields: [String: JSONValue?] = [
      "image": .string(image.name), "fingerprint": .string(image.fingerprint),
      "mask": mask.map { .string($0.name) }, "mask_fingerprint": mask.map { .string($0.fingerprint) },
      "boxes": .array(boxes.map { .string("\($0)") }),
      "margins": margins == .none ? nil : try JSONValue(encoding: margins),
      "keep": keep.map { .number($0.share) }, "keep_by": keep.map { .string($0.choice.rawValue) },
      "mask_threshold": .number(threshold), "grow": .number(Double(grow)), "paste": .string(paste.rawValue),
    ]
    return .object(fields.compactMapValues { $0 })
  }
}
