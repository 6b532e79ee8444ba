import ARPG
import Foundation

/// What there is to tell of a model's folder.
enum ModelInspection {
  /// Reads the description and every weight.
  static func describe(_ path: String) throws -> Description {
    let folder = try ModelFolder.read(path)
    let model = folder.description
    var description = Description()
    description.add("model", "name", model.name)
    description.add("folder", "path", path)
    if let summary = model.summary { description.add("what it is", "summary", summary.wrapped) }
    if let data = model.trainingData { description.add("trained on", "training_data", data.wrapped) }
    if let limits = model.limits { description.add("limits", "limits", limits.wrapped) }
    description.add(
      "pictures", "image_size", "\(model.imageSize) x \(model.imageSize) pixels", json: .number(Double(model.imageSize))
    )
    if let part = model.decoder {
      _ = try folder.loadDecoder()
      let sizes = part.configuration
      description.add(
        "decoder", "decoder",
        "\(parameters(Decoder.parameterTable(sizes))) parameters: \(sizes.layers) layers, width \(sizes.dim), "
          + "\(sizes.heads) heads; \(sizes.tokens) tokens of \(sizes.vocab) codes",
        json: try JSONValue(sizes))
    }
    if let part = model.tokenizer {
      _ = try folder.loadTokenizer()
      let sizes = part.configuration
      description.add(
        "tokenizer", "tokenizer",
        "\(parameters(VQTokenizer.parameterTable(sizes))) parameters: \(sizes.codebook) codes of \(sizes.codeDim) values, "
          + "\(sizes.factor) x \(sizes.factor) pixels each",
        json: try JSONValue(sizes))
    }
    for (name, part) in model.adapters.sorted(by: { $0.key < $1.key }) {
      let checkpoint = try Checkpoint.open(folder.path(of: part.file))
      let count = try checkpoint.names.reduce(0) { try $0 + checkpoint.tensor(named: $1).count }
      description.add("adapter", "adapter.\(name)", "\(name), \(count.grouped) parameters", json: part.configuration)
    }
    if model.decoder != nil {
      let settings = model.sampling, uncontrolled = model.samplingWithoutControls.applied(to: settings)
      description.add("sampling", "sampling", settings.summary, json: try JSONValue(settings))
      if uncontrolled != settings {
        description.add(
          "  class alone", "sampling_without_controls", uncontrolled.summary, json: try JSONValue(uncontrolled))
      }
    }
    if !model.classNames.isEmpty {
      let list = model.classNames.enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: ", ")
      description.add("classes", "class_names", list.wrapped, json: try JSONValue(model.classNames))
    }
    return description
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
      let type = checkpoint.scalarType(of: name)?.rawValue ?? ""
      _ = try checkpoint.tensor(named: name)
      total += shape.reduce(1, *)
      return (name: name, shape: shape, type: type)
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
    if checkpoint.shape(of: "embeddings.weight") != nil, checkpoint.shape(of: "head.weight") != nil {
      // How a layer is divided into heads does not show in shapes.
      let sizes = try DecoderConfiguration(inferredFrom: checkpoint, heads: 1)
      try ParameterError.check(checkpoint, against: Decoder.parameterTable(sizes), ignoring: Decoder.ignores)
      return "ARPG decoder of \(sizes.layers) layers, width \(sizes.dim)"
    }
    if checkpoint.shape(of: "quantize.embedding.weight") != nil {
      let sizes = try VQConfiguration(inferredFrom: checkpoint, groups: 1)
      try ParameterError.check(checkpoint, against: VQTokenizer.parameterTable(sizes), ignoring: VQTokenizer.ignores)
      return "VQ tokenizer of \(sizes.codebook) codes, \(sizes.factor) x \(sizes.factor) pixels each"
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
