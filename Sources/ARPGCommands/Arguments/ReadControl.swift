import ARPG
import ARPGImageFiles

/// A control as it stands on the command line, and what was read for it.
struct ReadControl {
  let argument: ControlArgument
  let specification: ControlSpecification
  /// Hashes of the input's and the region's bytes; nil where there is no file.
  let fingerprint, regionFingerprint: String?
  /// Hashes of the bytes of further inputs, by the names of options.
  let fingerprints: [String: String]

  /// Reads the files of a control.
  ///
  /// - Throws: where the adapter is not known, does not take an option, or a file cannot be read.
  init(
    _ argument: ControlArgument, _ registry: AdapterRegistry, limit: ImageLimits, note: (String) -> Void
  ) throws {
    let descriptor = try registry.adapter(named: argument.adapter).descriptor
    let options = GivenOptions(argument.options, for: descriptor)
    try options.check(for: descriptor)
    let (input, fingerprint) = try InputFile.input(descriptor.input, argument.input, limit: limit, note: note)
    var inputs: [String: ControlInput] = [:], fingerprints: [String: String] = [:]
    for (name, file) in options.files {
      (inputs[name], fingerprints[name]) = try InputFile.input(file.kind, file.path, limit: limit, note: note)
    }
    let region = try argument.region.map { try InputFile($0, limit: limit) }
    regionFingerprint = region?.fingerprint
    self.fingerprint = fingerprint
    self.fingerprints = fingerprints
    self.argument = argument
    specification = ControlSpecification(
      argument.adapter, input, options: options.values, inputs: inputs, strength: argument.strength,
      window: argument.from..<argument.to, region: try region?.image(note: note),
      guidance: argument.guidance)
  }

  /// What further inputs are called: the names of their files, without folders.
  var inputNames: [String: String] {
    argument.options.filter { specification.inputs[$0.key] != nil }.mapValues(ControlArgument.name)
  }

  /// The control with the strength, window and values of options of another argument.
  func specification(with other: ControlArgument) -> ControlSpecification {
    var specification = specification
    specification.options = other.options.filter { specification.inputs[$0.key] == nil }
    (specification.strength, specification.window) = (other.strength, other.from..<other.to)
    specification.guidance = other.guidance
    return specification
  }
}
