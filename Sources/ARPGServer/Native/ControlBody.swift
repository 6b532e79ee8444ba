import ARPG
import ARPGService

/// What an adapter is given, in JSON: one of `image`, `text`, `tensor` and `file`.
struct InputBody: Decodable {
  let image, tensor, file: Payload?
  let text: String?

  static let keys = ["image", "text", "tensor", "file"]
  private enum CodingKeys: String, CodingKey { case image, text, tensor, file }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    image = try container.decodeIfPresent(Payload.self, forKey: .image)
    text = try container.decodeIfPresent(String.self, forKey: .text)
    tensor = try container.decodeIfPresent(Payload.self, forKey: .tensor)
    file = try container.decodeIfPresent(Payload.self, forKey: .file)
  }

  init(text: String) {
    (image, tensor, file) = (nil, nil, nil)
    self.text = text
  }

  init(image: Payload) {
    (text, tensor, file) = (nil, nil, nil)
    self.image = image
  }

  /// The input, what it is called, and a hash of its bytes.
  ///
  /// - Parameter place: what errors call it: "controls[0]".
  func read(_ place: String, _ reader: InputReader) throws -> (input: ControlInput, name: String, fingerprint: String?)
  {
    let given: [(AdapterDescriptor.Input, Payload)] =
      [(.image, image), (.tensor, tensor), (.file, file)].compactMap { kind, payload in payload.map { (kind, $0) } }
    guard given.count + (text == nil ? 0 : 1) == 1 else {
      throw ServiceError(
        .unprocessable,
        "\(place) has \(given.isEmpty ? "no" : "more than one") input; give one of \(Self.keys.joined(separator: ", "))"
      )
    }
    if let text { return (.text(text), text, nil) }
    let (kind, payload) = given[0]
    let upload = try payload.upload("\(place).\(kind.rawValue)", reader.parts)
    return (try upload.input(kind, reader.limits.image), upload.name, upload.fingerprint)
  }
}

/// What inputs are read with.
struct InputReader {
  let limits: ServiceLimits
  let parts: Multipart?
}

/// A control in JSON.
struct ControlBody: Decodable {
  var adapter: String
  var input: InputBody
  var options: [String: String] = [:]
  var inputs: [String: InputBody] = [:]
  var strength: Float = 1
  var from = 0.0, to = 1.0
  var region: Payload?
  var guidance: Float?

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case adapter, options, inputs, strength, from, to, region, guidance
  }

  init(adapter: String, _ input: InputBody) {
    self.adapter = adapter
    self.input = input
  }

  init(from decoder: any Swift.Decoder) throws {
    try decoder.refuseKeys(beside: CodingKeys.allCases.map(\.rawValue) + InputBody.keys)
    try self.init(fields: decoder)
  }

  /// Reads a control whose fields stand among others.
  init(fields decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    adapter = try container.decode(String.self, forKey: .adapter)
    input = try InputBody(from: decoder)
    options = try container.decodeIfPresent([String: OptionText].self, forKey: .options)?.mapValues(\.text) ?? [:]
    inputs = try container.decodeIfPresent([String: InputBody].self, forKey: .inputs) ?? [:]
    strength = try container.decodeIfPresent(Float.self, forKey: .strength) ?? 1
    from = try container.decodeIfPresent(Double.self, forKey: .from) ?? 0
    to = try container.decodeIfPresent(Double.self, forKey: .to) ?? 1
    region = try container.decodeIfPresent(Payload.self, forKey: .region)
    guidance = try container.decodeIfPresent(Float.self, forKey: .guidance)
  }

  /// The control, with what images tell of it.
  ///
  /// - Parameter place: what errors call it: "controls[0]".
  func read(_ place: String, _ reader: InputReader) throws -> GenerationRecord.Control {
    guard -100...100 ~= strength else {
      throw ServiceError(.unprocessable, "\(place).strength is \(strength); it takes -100 to 100")
    }
    guard 0...1 ~= from, 0...1 ~= to, from <= to else {
      throw ServiceError(.unprocessable, "\(place): from is \(from) and to is \(to); expected 0 to 1, from before to")
    }
    if let guidance, !(-1000...1000 ~= guidance) {
      throw ServiceError(.unprocessable, "\(place).guidance is \(guidance); it takes -1000 to 1000")
    }
    let (input, name, fingerprint) = try self.input.read(place, reader)
    let further = try inputs.map { key, body in (key, try body.read("\(place).inputs.\(key)", reader)) }
    let inputs = Dictionary(uniqueKeysWithValues: further)
    let region = try region?.upload("\(place).region", reader.parts)
    let specification = ControlSpecification(
      adapter, input, options: options, inputs: inputs.mapValues(\.input), strength: strength, window: from..<to,
      region: try region?.image(reader.limits.image), guidance: guidance)
    return GenerationRecord.Control(
      specification, input: name, fingerprint: fingerprint, region: region?.name,
      regionFingerprint: region?.fingerprint,
      inputs: inputs.mapValues(\.name), inputFingerprints: inputs.compactMapValues(\.fingerprint))
  }
}
