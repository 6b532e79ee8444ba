import ARPG
import ARPGImageFiles

/// A control as it stands on the command line, and what was read for it.
struct ReadControl {
  let argument: ControlArgument
  let specification: ControlSpecification
  /// Hashes of the input's and the region's bytes; nil where there is no file.
  let fingerprint, regionFingerprint: String?

  /// Reads the files of a control.
  ///
  /// - Throws: where the adapter is not known, does not take an option, or a file cannot be read.
  init(
    _ argument: ControlArgument, _ registry: AdapterRegistry, limit: ImageLimits, note: (String) -> Void
  ) throws {
    let descriptor = try registry.adapter(named: argument.adapter).descriptor
    _ = try OptionValues(argument.options, for: descriptor)
    let input: ControlInput
    switch descriptor.input {
    case .image:
      let file = try InputFile(argument.input, limit: limit)
      input = .image(try file.image(note: note))
      fingerprint = file.fingerprint
    case .text:
      input = .text(argument.input)
      fingerprint = nil
    case .tensor:
      input = .tensor(try TensorFile.read(argument.input))
      fingerprint = try InputFile(argument.input).fingerprint
    }
    let region = try argument.region.map { try InputFile($0, limit: limit) }
    regionFingerprint = region?.fingerprint
    self.argument = argument
    specification = ControlSpecification(
      argument.adapter, input, options: argument.options, strength: argument.strength,
      window: argument.from..<argument.to, region: try region?.image(note: note),
      guidance: argument.guidance)
  }

  /// The control with the strength, window and options of another argument.
  func specification(with other: ControlArgument) -> ControlSpecification {
    var specification = specification
    specification.options = other.options
    (specification.strength, specification.window) = (other.strength, other.from..<other.to)
    specification.guidance = other.guidance
    return specification
  }
}

extension AdapterDescriptor.Input {
  /// What it is called in sentences.
  var phrase: String {
    switch self {
    case .image: "an image"
    case .text: "a text"
    case .tensor: "numbers in a .npy or safetensors file"
    }
  }
}
