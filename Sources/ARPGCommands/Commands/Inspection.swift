import ARPG
import Foundation

/// What there is to tell of a model's folder.
enum ModelInspection {
  /// Reads the description and every weight.
  static func describe(_ path: String) throws -> Description {
    let folder = try ModelFolder.read(path, CommandContext.registries)
    let model = folder.description
    var description = Description()
    description.add("model", "name", model.name)
    description.add("folder", "path", path)
    if let summary = model.summary { description.add("what it is", "summary", summary.wrapped) }
    if let data = model.trainingData { description.add("trained on", "training_data", data.wrapped) }
    if let limits = model.limits { description.add("limits", "limits", limits.wrapped) }
    description.add(
      "images", "image_size", "\(model.imageSize) x \(model.imageSize) pixels", json: .number(Double(model.imageSize))
    )
    if let part = model.decoder {
      _ = try folder.loadDecoder()
      let layout = part.layout
      description.add(
        "decoder", "decoder",
        "\(part.family.summary), \(parameters(part.parameterTable)) parameters: \(part.configuration.summary); "
          + "\(layout.tokens) tokens of \(layout.vocab) codes",
        json: try JSONValue(encoding: part.configuration))
      if let stored = try folder.decoderPrecision(), let used = try folder.suggestedPrecision() {
        if stored != .float32 { description.add("  stored", "decoder_precision", stored.rawValue) }
        if used != stored { description.add("  used", "precision", used.rawValue) }
      }
    }
    if let part = model.tokenizer {
      _ = try folder.loadTokenizer()
      description.add(
        "tokenizer", "tokenizer", "\(parameters(part.parameterTable)) parameters: \(part.configuration.summary)",
        json: try JSONValue(encoding: part.configuration))
    }
    for (name, part) in model.adapters.sorted(by: { $0.key < $1.key }) {
      let checkpoint = try Checkpoint.open(folder.path(of: part.file))
      let count = try checkpoint.names.reduce(0) { try $0 + checkpoint.tensor(named: $1).count }
      description.add("adapter", "adapter.\(name)", "\(name), \(count.grouped) parameters", json: part.configuration)
    }
    if model.decoder != nil {
      let settings = model.sampling, uncontrolled = model.samplingWithoutControls.applied(to: settings)
      description.add("sampling", "sampling", settings.summary, json: try JSONValue(encoding: settings))
      if uncontrolled != settings {
        description.add(
          "  class alone", "sampling_without_controls", uncontrolled.summary,
          json: try JSONValue(encoding: uncontrolled))
      }
    }
    if !model.classNames.isEmpty {
      let names = model.classNames, shown = names.count <= mostClasses ? names.count : fewClasses
      let list = names.prefix(shown).enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: ", ")
      let rest = shown < names.count ? ", and \(names.count - shown) more; --classes lists them" : ""
      description.add(
        "classes", "class_names", "\(names.count): \(list)\(rest)".wrapped, json: try JSONValue(encoding: names))
    }
    return description
  }

  /// A list of more classes than the first number is cut to the second.
  private static let mostClasses = 24, fewClasses = 8

  /// The classes of a model, `INDEX NAME` each, those whose names hold a text.
  static func classes(of path: String, matching text: String?) throws -> [String] {
    try ModelFolder.read(path, CommandContext.registries).description.classNames.enumerated()
      .filter { text.map($0.element.localizedCaseInsensitiveContains) ?? true }
      .map { "\($0.offset) \($0.element)" }
  }

  private static func parameters(_ table: [ParameterSpecification]) -> String {
    table.reduce(0) { $0 + $1.shape.reduce(1, *) }.grouped
  }
}

/// What there is to tell of a checkpoint.
enum CheckpointInspection {
  /// Reads every tensor.
  static func describe(_ path: String) throws -> Description {
    let checkpoint = try Checkpoint.open(path)
    var description = Description()
    var total = 0
    let rows = try checkpoint.names.sorted().map { name in
      let shape = checkpoint.shape(of: name) ?? []
      let type = checkpoint.scalarType(of: name)
      if type?.isFloat == true { _ = try checkpoint.tensor(named: name) }
      total += shape.reduce(1, *)
      return (name: name, shape: shape, type: type?.rawValue ?? "")
    }
    description.add("kind", "kind", "\(try contents(of: checkpoint)), \(checkpoint.format.rawValue)")
    description.add("tensors", "tensors", "\(rows.count)", json: .number(Double(rows.count)))
    description.add("values", "values", total.grouped, json: .number(Double(total)))
    for (key, value) in checkpoint.metadata.sorted(by: { $0.key < $1.key }) {
      description.add(key, "metadata.\(key)", value)
    }
    for row in rows {
      description.add("", row.name, "\(row.name)  \(row.shape)  \(row.type)")
    }
    return description
  }

  /// What the names of the tensors say they are. A decoder or a tokenizer must have all of its tensors, and no others.
  private static func contents(of checkpoint: Checkpoint) throws -> String {
    let registries = CommandContext.registries
    if registries.decoders.family(of: checkpoint) != nil {
      // How a layer is divided into heads, and how a grid is laid out, may not show in shapes.
      if let part = try? DecoderPart(inferredFrom: checkpoint, DecoderHints(grid: 16), in: registries.decoders) {
        try part.check(checkpoint)
        return "\(part.family.summary), \(part.configuration.summary)"
      }
      let part = try DecoderPart(
        inferredFrom: checkpoint, DecoderHints(heads: 1, grid: 16), in: registries.decoders)
      try part.check(checkpoint)
      return part.family.summary
    }
    if registries.tokenizers.tokenizer(of: checkpoint) != nil {
      let part = try TokenizerPart(inferredFrom: checkpoint, groups: 1, in: registries.tokenizers)
      try part.check(checkpoint)
      return "\(part.architecture.summary), \(part.configuration.summary)"
    }
    return "checkpoint"
  }
}

extension Int {
  /// Digits in groups of three.
  fileprivate var grouped: String {
    let digits = Array(String(self))
    return digits.indices.map { index in
      let isBoundary = index > 0 && (digits.count - index) % 3 == 0
      return (isBoundary ? "," : "") + String(digits[index])
    }.joined()
  }
}

extension String {
  /// The text in lines of at most 100 characters.
  fileprivate var wrapped: String {
    var lines: [String] = [], line = ""
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + word.count >= 100 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}

extension SamplingSettings {
  /// All settings in a line.
  fileprivate var summary: String {
    "\(steps) steps, \(schedule.rawValue); guidance \(guidance), \(guidanceSchedule.rawValue); "
      + "temperature \(temperature), top-k \(topK), top-p \(topP)"
  }
}
