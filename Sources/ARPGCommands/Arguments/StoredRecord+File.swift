import ARPG
import ARPGImageFiles

extension StoredRecord {
  /// Reads what an image says that it was made with.
  ///
  /// - Throws: where the image cannot be read, or does not say it.
  static func read(_ path: String) throws -> StoredRecord {
    if let record = StoredRecord(text: try ImageFile.text(of: path)) { return record }
    throw CommandError("--like \(path): it does not say what it was made with; give an image that arpg wrote")
  }

  /// Controls with the scale of guidance that the image's control of the same adapter had, where they have none: the first one
  /// of an adapter that of the first, and so on.
  func completing(_ controls: [ControlArgument]) -> [ControlArgument] {
    var rest = self.controls
    return controls.map { control in
      guard let index = rest.firstIndex(where: { $0.adapter == control.adapter }) else { return control }
      let scale = rest.remove(at: index)
      var control = control
      control.guidance = control.guidance ?? scale.guidance
      return control
    }
  }
}
