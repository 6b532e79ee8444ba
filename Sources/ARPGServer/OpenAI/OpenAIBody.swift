import ARPG
import ARPGService

/// What `POST /v1/images/generations` and `/v1/images/edits` take; see ``OpenAIRoutes``.
struct OpenAIBody: Decodable {
  enum Delivery: String, CaseIterable {
    case base64 = "b64_json"
    case url
  }

  private enum Fidelity: String, CaseIterable { case low, high }

  let prompt: String
  let model, size: String?
  let count: Int
  let delivery: Delivery
  let format: ResultFormat
  /// Of a JPEG or WebP, 1 to 100.
  let quality: Int
  let isStream: Bool
  let partialImages: Int
  let seed: UInt64?
  let number: Int
  let fit: ImageFit
  let settings: SettingsBody
  let controls: [ControlBody]
  /// The share of the image that an edit keeps where nothing says what is to change.
  let keep: Double

  private enum CodingKeys: String, CodingKey {
    case prompt, model, size, stream, seed, number, fit, settings, controls, keep
    case count = "n"
    case delivery = "response_format"
    case format = "output_format"
    case compression = "output_compression"
    case partialImages = "partial_images"
    case fidelity = "input_fidelity"
  }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func word<Value: RawRepresentable<String> & CaseIterable>(_ key: CodingKeys) throws -> Value? {
      try container.decodeIfPresent(String.self, forKey: key).map { try choice($0, key.rawValue) }
    }
    func whole(_ key: CodingKeys, _ range: ClosedRange<Int>) throws -> Int? {
      guard let value = try container.decodeIfPresent(Int.self, forKey: key) else { return nil }
      if range.contains(value) { return value }
      throw ServiceError(
        .unprocessable, "\(key.rawValue) is \(value); it takes \(range.lowerBound) to \(range.upperBound)")
    }
    prompt = try container.decode(String.self, forKey: .prompt)
    model = try container.decodeIfPresent(String.self, forKey: .model)
    size = try container.decodeIfPresent(String.self, forKey: .size)
    count = try container.decodeIfPresent(Int.self, forKey: .count) ?? 1
    delivery = try word(.delivery) ?? .base64
    format = try word(.format) ?? .png
    quality = try whole(.compression, 0...100).map { max(1, $0) } ?? 92
    isStream = try container.decodeIfPresent(Bool.self, forKey: .stream) ?? false
    partialImages = try whole(.partialImages, 0...3) ?? 0
    seed = try container.decodeIfPresent(UInt64.self, forKey: .seed)
    number = try whole(.number, 0...100_000) ?? 0
    fit = try word(.fit) ?? .crop
    settings = try container.decodeIfPresent(SettingsBody.self, forKey: .settings) ?? SettingsBody()
    controls = try container.decodeIfPresent([ControlBody].self, forKey: .controls) ?? []
    let fidelity: Fidelity = try word(.fidelity) ?? .low
    keep = try container.decodeIfPresent(Double.self, forKey: .keep) ?? (fidelity == .high ? 0.75 : 0.5)
    guard 0...1 ~= keep else { throw ServiceError(.unprocessable, "keep is \(keep); it takes 0 to 1") }
  }

  /// The request, without an edit.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` and what reading images throws.
  func read(_ reader: InputReader, _ catalog: ModelCatalog) throws -> ServiceRequest {
    guard controls.count < reader.limits.controls else {
      throw ServiceError(
        .unprocessable,
        "the request has \(controls.count) controls; beside the prompt it takes \(reader.limits.controls - 1) at most")
    }
    guard 1...reader.limits.count ~= count else {
      throw ServiceError(.unprocessable, "n is \(count); it takes 1 to \(reader.limits.count)")
    }
    let model = try catalog.model(named: model), prompt = try Prompt(prompt)
    var request = ServiceRequest()
    request.model = model.name
    request.count = count
    request.seed = seed ?? UInt64.random(in: 0..<1 << 32)
    request.number = number
    request.size = try size == "auto" ? nil : size.map(readSize)
    request.fit = fit
    request.settings = settings.overrides
    request.controls = try controls.enumerated().map { try $0.element.read("controls[\($0.offset)]", reader) }
    if let control = try model.control(for: prompt, reader) { request.controls.insert(control, at: 0) }
    try prompt.apply(to: &request)
    return request
  }

  /// What a multipart body changes.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` and what reading images throws.
  func edit(_ parts: Multipart, _ reader: InputReader) throws -> (Edit, JSONValue) {
    guard let part = parts.all("image").first else {
      throw ServiceError(.unprocessable, "the body has no part called image; put the image there that is to change")
    }
    let upload = Upload(Array(part.content), named: part.file ?? "image")
    let image = try upload.image(reader.limits.image)
    let mask = parts["mask"].map { Upload(Array($0.content), named: $0.file ?? "mask") }
    var edit = Edit(image, mask: try mask?.image(reader.limits.image).whiteWhereTransparent)
    if mask == nil, image.alpha == nil { edit.keep = KeptShare(keep) }
    return (edit, try edit.record(upload, mask: mask))
  }
}

extension Image {
  /// A mask that is white where this one is transparent.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` where nothing is.
  package var whiteWhereTransparent: Image {
    get throws {
      guard let alpha else {
        throw ServiceError(.unprocessable, "mask has no transparent place; make what is to change transparent")
      }
      return Image(width: width, height: height, grey: alpha.map { 255 - $0 })
    }
  }
}
