import ARPG

extension AdapterRegistry {
  /// The options of `control`, `sample`, `edit` and `grid`, which no shorthand may hide.
  package static let optionsOfCommands: Set<String> = [
    "adapter", "adapter-library", "animate", "animate-every", "box", "confidence-noise", "control", "control-guidance",
    "count",
    "dry-run", "fit", "force", "grow", "guidance", "guidance-interval", "guidance-power", "guidance-schedule",
    "guidance-start", "guided-tokens", "help", "json", "keep", "keep-by", "labels", "like", "mask", "mask-threshold",
    "max-pixels", "model", "no-clobber", "number", "order", "outpaint", "output", "paste", "precision", "preview-every",
    "quiet",
    "schedule", "seed", "size", "steps", "temperature", "threads", "top-k", "top-p", "trace", "trace-logits",
    "undecided", "variations", "version", "x", "y",
  ]

  /// Checks that no shorthand is an option of the program.
  ///
  /// - Throws: ``/ARPG/RegistryError/illFormed(kind:name:reason:)``.
  package func checkShorthands() throws(RegistryError) {
    for descriptor in adapters.map(\.descriptor) {
      guard let shorthand = descriptor.shorthand, Self.optionsOfCommands.contains(shorthand) else { continue }
      throw .illFormed(
        kind: "adapter", name: descriptor.name,
        reason: "its shorthand --\(shorthand) would hide an option of the program; give it another")
    }
  }

  /// The arguments with each adapter's shorthand written out: `--edges FILE` becomes `--control canny=FILE`.
  ///
  /// - Parameter inputs: which kinds of input the command takes; shorthands of others stay as they are, and the parser
  ///   refuses them.
  func expandingShorthands(_ arguments: [String], inputs: [AdapterDescriptor.Input]) -> [String] {
    var expanded: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" { return expanded + [argument] + rest }
      guard argument.hasPrefix("--") else {
        expanded.append(argument)
        continue
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      guard let descriptor = adapter(withShorthand: name)?.descriptor, inputs.contains(descriptor.input),
        let value = parts.count == 2 ? String(parts[1]) : rest.first
      else {
        expanded.append(argument)
        continue
      }
      if parts.count < 2 { rest.removeFirst() }
      expanded += ["--control", "\(descriptor.name)=\(value)"]
    }
    return expanded
  }

  /// The lines that help prints for the shorthands of adapters with some kinds of input.
  func shorthandHelp(inputs: [AdapterDescriptor.Input]) -> String {
    adapters.map(\.descriptor).filter { inputs.contains($0.input) }.compactMap { descriptor in
      descriptor.shorthand.map { shorthand in
        "  --\(shorthand) \(descriptor.placeholder)\n      \(descriptor.summary): \(descriptor.inputSummary)"
      }
    }.joined(separator: "\n")
  }
}
