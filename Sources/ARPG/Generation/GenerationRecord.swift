import Foundation

/// What images say that they were made with: all that decides them, and what tells the weights and inputs from others.
///
/// As JSON the text entry `arpg` of an image: `version`, `model`, `weights` (fingerprints by part), `seed`, `settings`, `controls`, and
/// where they differ from the model's own or are there at all `edit`, `precision` and `size`; of one image also `element` and `number`.
public struct GenerationRecord: Sendable {
  /// The version of this package.
  public static let packageVersion = "0.1.0"
  /// The keyword of the text entry.
  public static let keyword = "arpg"

  /// The model.
  public var model: String
  /// What tells the weights from others, by part: see ``Model/fingerprints(adapters:)``.
  public var weights: [String: String]
  /// Of the random numbers.
  public var seed: UInt64
  /// How codes were drawn.
  public var settings: SamplingSettings
  /// What the images follow.
  public var controls: [Control]
  /// What was changed of which image; nil for images that were made from nothing.
  public var edit: JSONValue?
  /// How the decoder's matrices were kept.
  public var precision: WeightPrecision
  /// The size in pixels.
  public var size: ImageSize
  /// Whether the size is that of the model's training.
  public var isTrainedSize: Bool

  /// A control as a record tells it.
  public struct Control: Sendable {
    /// What was asked for; of its input, region and further inputs only what follows is told.
    public var specification: ControlSpecification
    /// What the input was called: the name of a file, or the text.
    public var input: String
    /// A hash of the input's bytes; nil where there are none.
    public var fingerprint: String?
    /// How the adapter read the input; nil where it does not tell.
    public var reading: String?
    /// What the region was called, and a hash of its bytes; nil where there is none.
    public var region, regionFingerprint: String?
    /// What further inputs were called, by the names of options.
    public var inputs: [String: String] = [:]
    /// Hashes of their bytes.
    public var inputFingerprints: [String: String] = [:]
    /// What the adapter's file says of itself; nil where it says nothing.
    public var manifest: AdapterManifest?

    /// A control; see the properties.
    public init(
      _ specification: ControlSpecification, input: String, fingerprint: String? = nil, reading: String? = nil,
      region: String? = nil, regionFingerprint: String? = nil, inputs: [String: String] = [:],
      inputFingerprints: [String: String] = [:], manifest: AdapterManifest? = nil
    ) {
      self.specification = specification
      self.input = input
      self.fingerprint = fingerprint
      self.reading = reading
      self.region = region
      self.regionFingerprint = regionFingerprint
      self.inputs = inputs
      self.inputFingerprints = inputFingerprints
      self.manifest = manifest
    }
  }

  /// What images of a model say.
  ///
  /// - Parameters:
  ///   - model: that makes them.
  ///   - weights: see ``weights``; read from the model's files, which takes a moment.
  ///   - seed: of the random numbers.
  ///   - settings: how codes are drawn.
  ///   - controls: what they follow.
  ///   - edit: what is changed of which image; nil for images made from nothing.
  public init(
    _ model: Model, weights: [String: String], seed: UInt64, settings: SamplingSettings, controls: [Control],
    edit: JSONValue? = nil
  ) {
    self.model = model.description.name
    self.weights = weights
    self.seed = seed
    self.settings = settings
    self.controls = controls
    self.edit = edit
    precision = model.precision
    size = model.imageSize
    isTrainedSize = model.imageSize == model.trainedSize
  }

  /// The record as JSON.
  public var json: JSONValue {
    get throws {
      var fields: [String: JSONValue] = [
        "version": .string(Self.packageVersion), "model": .string(model),
        "weights": .object(weights.mapValues(JSONValue.string)), "seed": .number(Double(seed)),
        "settings": try JSONValue(encoding: settings), "controls": .array(controls.map(\.json)),
      ]
      fields["edit"] = edit
      if precision != .float32 { fields["precision"] = .string(precision.rawValue) }
      if !isTrainedSize { fields["size"] = .string(size.text) }
      return .object(fields)
    }
  }

  /// The record of one image as JSON.
  ///
  /// - Parameters:
  ///   - element: which of the images that the controls describe.
  ///   - number: its number among those of this element, from 0.
  public func json(element: Int, number: Int) throws -> JSONValue {
    guard case .object(var fields) = try json else { return .null }
    fields["element"] = .number(Double(element))
    fields["number"] = .number(Double(number))
    return .object(fields)
  }

  /// The text entries of one image's file.
  public func text(element: Int, number: Int) throws -> [(keyword: String, value: String)] {
    [
      ("Software", "ARPG for Swift"), (Self.keyword, try json(element: element, number: number).text),
      ("parameters", webUIParameters),
    ]
  }

  /// The settings in the words of A1111's WebUI, which many programs that sort images read: what is shown, then a line of
  /// settings.
  public var webUIParameters: String {
    let shown = controls.map { "\($0.specification.adapter): \($0.input)" }.joined(separator: ", ")
    let settings = [
      "Steps: \(settings.steps)", "Sampler: ARPG \(settings.schedule.rawValue)", "CFG scale: \(settings.guidance)",
      "Seed: \(seed)", "Size: \(size.text)", "Model: \(model)",
      weights["decoder"].map { "Model hash: \($0.prefix(10))" }, "Version: ARPG for Swift \(Self.packageVersion)",
    ].compactMap { $0 }.joined(separator: ", ")
    return shown.isEmpty ? settings : "\(shown)\n\(settings)"
  }
}

extension GenerationRecord.Control {
  /// What decides the images of the control, and how its input was read.
  fileprivate var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    let options = specification.options.merging(inputs) { $1 }
    var fields: [String: JSONValue] = [
      "adapter": .string(specification.adapter), "kind": text(manifest?.adapter),
      "adapter_version": text(manifest?.version), "input": .string(input), "fingerprint": text(fingerprint),
      "reading": text(reading), "strength": .number(Double(specification.strength)),
      "from": .number(specification.window.lowerBound), "to": .number(specification.window.upperBound),
      "region": text(region), "region_fingerprint": text(regionFingerprint),
      "guidance": specification.guidance.map { .number(Double($0)) } ?? .null,
      "options": .object(options.mapValues(JSONValue.string)),
    ]
    if !inputFingerprints.isEmpty {
      fields["input_fingerprints"] = .object(inputFingerprints.mapValues(JSONValue.string))
    }
    return .object(fields)
  }
}
