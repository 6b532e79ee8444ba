import ARPG
import ARPGService

/// What `POST /api/v1/generations` takes.
struct GenerationBody: Decodable {
  let model: String?
  let controls: [ControlBody]
  let count: Int
  let seed: UInt64?
  let number: Int
  let size: String?
  let fit: ImageFit
  let settings: SettingsBody
  let edit: EditBody?
  let format: ResultFormat
  let wait: Bool

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case model, controls, count, seed, number, size, fit, settings, edit, format, wait
  }

  init(from decoder: any Swift.Decoder) throws {
    try decoder.refuseKeys(beside: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    model = try container.decodeIfPresent(String.self, forKey: .model)
    controls = try container.decodeIfPresent([ControlBody].self, forKey: .controls) ?? []
    count = try container.decodeIfPresent(Int.self, forKey: .count) ?? 1
    seed = try container.decodeIfPresent(UInt64.self, forKey: .seed)
    number = try container.decodeIfPresent(Int.self, forKey: .number) ?? 0
    size = try container.decodeIfPresent(String.self, forKey: .size)
    fit = try container.decodeIfPresent(String.self, forKey: .fit).map { try choice($0, "fit") } ?? .crop
    settings = try container.decodeIfPresent(SettingsBody.self, forKey: .settings) ?? SettingsBody()
    edit = try container.decodeIfPresent(EditBody.self, forKey: .edit)
    format = try container.decodeIfPresent(String.self, forKey: .format).map { try choice($0, "format") } ?? .png
    wait = try container.decodeIfPresent(Bool.self, forKey: .wait) ?? true
  }

  /// The request, its images read.
  ///
  /// - Throws: ``ServiceError`` and what reading images throws.
  func read(_ reader: InputReader) throws -> ServiceRequest {
    guard controls.count <= reader.limits.controls else {
      throw ServiceError(
        .unprocessable, "the request has \(controls.count) controls; it takes \(reader.limits.controls) at most")
    }
    guard 0...100_000 ~= number else {
      throw ServiceError(.unprocessable, "number is \(number); it takes 0 to 100000")
    }
    var request = ServiceRequest()
    request.model = model
    request.count = count
    // Whole numbers that every reader of JSON keeps.
    request.seed = seed ?? UInt64.random(in: 0..<1 << 32)
    request.number = number
    request.size = try size.map(readSize)
    request.fit = fit
    request.settings = settings.overrides
    request.controls = try controls.enumerated().map { try $0.element.read("controls[\($0.offset)]", reader) }
    if let edit { (request.edit, request.editRecord) = try edit.read(reader) }
    return request
  }
}

/// Reads a size in pixels: `512x384`, or `512` for a square.
func readSize(_ text: String) throws(ServiceError) -> ImageSize {
  guard let size = ImageSize(text) else {
    throw ServiceError(.unprocessable, "size is '\(text.prefix(32))'; it takes width and height, such as 384x256")
  }
  return size
}

/// One of several words.
///
/// - Throws: ``ServiceError`` with the words that there are.
func choice<Value: RawRepresentable<String> & CaseIterable>(_ text: String, _ field: String) throws -> Value {
  if let value = Value(rawValue: text) { return value }
  let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
  throw ServiceError(.unprocessable, "\(field) is '\(text.prefix(32))'; it takes \(words)")
}

/// Settings of sampling, those that are known alone.
struct SettingsBody: Decodable {
  var overrides = SamplingOverrides()

  init() {}

  init(from decoder: any Swift.Decoder) throws {
    try decoder.refuseKeys(beside: SamplingOverrides.names)
    // A range of Swift leaves out what stands behind its bounds.
    let key = AnyKey(stringValue: "guidance_interval"), container = try decoder.container(keyedBy: AnyKey.self)
    if let bounds = try container.decodeIfPresent([Double].self, forKey: key), bounds.count != 2 {
      throw ServiceError(.unprocessable, "settings.guidance_interval has \(bounds.count) numbers; it takes two")
    }
    overrides = try SamplingOverrides(from: decoder)
  }
}

/// An edit in JSON.
struct EditBody: Decodable {
  let image: Payload
  let mask: Payload?
  let boxes: [[Double]]
  let margins: EditMargins
  let keep: Double?
  let keepBy: KeptShare.Choice
  let threshold: Double
  let grow: Int
  let paste: EditPaste

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case image, mask, boxes, margins, keep
    case keepBy = "keep_by"
    case threshold, grow, paste
  }

  init(from decoder: any Swift.Decoder) throws {
    try decoder.refuseKeys(beside: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    image = try container.decode(Payload.self, forKey: .image)
    mask = try container.decodeIfPresent(Payload.self, forKey: .mask)
    boxes = try container.decodeIfPresent([[Double]].self, forKey: .boxes) ?? []
    margins = try container.decodeIfPresent(MarginsBody.self, forKey: .margins)?.margins ?? .none
    keep = try container.decodeIfPresent(Double.self, forKey: .keep)
    keepBy =
      try container.decodeIfPresent(String.self, forKey: .keepBy).map { try choice($0, "edit.keep_by") } ?? .random
    threshold = try container.decodeIfPresent(Double.self, forKey: .threshold) ?? 0.1
    grow = try container.decodeIfPresent(Int.self, forKey: .grow) ?? 0
    paste = try container.decodeIfPresent(String.self, forKey: .paste).map { try choice($0, "edit.paste") } ?? .feather
  }

  private static let mostMargin = 16384

  /// The edit, and what images tell of it.
  func read(_ reader: InputReader) throws -> (Edit, JSONValue) {
    if let keep, !(0...1 ~= keep) { throw ServiceError(.unprocessable, "edit.keep is \(keep); it takes 0 to 1") }
    guard 0..<1 ~= threshold else {
      throw ServiceError(.unprocessable, "edit.threshold is \(threshold); it takes 0 to less than 1")
    }
    guard 0...256 ~= grow else { throw ServiceError(.unprocessable, "edit.grow is \(grow); it takes 0 to 256") }
    for side in [margins.left, margins.top, margins.right, margins.bottom] where !(0...Self.mostMargin ~= side) {
      throw ServiceError(.unprocessable, "a margin of edit is \(side); it takes 0 to \(Self.mostMargin)")
    }
    guard boxes.count <= 64,
      boxes.allSatisfy({ $0.count == 4 && $0.allSatisfy { abs($0) <= 1e9 } && $0[2] >= 0 && $0[3] >= 0 })
    else { throw ServiceError(.unprocessable, "edit.boxes takes up to 64 lists of x, y, width and height in pixels") }
    let image = try self.image.upload("edit.image", reader.parts), mask = try mask?.upload("edit.mask", reader.parts)
    let picture = try image.image(reader.limits.image)
    guard mask != nil || !boxes.isEmpty || margins != .none || keep != nil || picture.alpha != nil else {
      throw ServiceError(
        .unprocessable,
        "nothing says what is to change; give edit.mask, boxes, margins or keep, or an image that is transparent there")
    }
    let places = boxes.map { box in
      EditBox(x: .pixels(box[0]), y: .pixels(box[1]), width: .pixels(box[2]), height: .pixels(box[3]))
    }
    let edit = Edit(
      picture, mask: try mask?.image(reader.limits.image), boxes: places, margins: margins, threshold: threshold,
      grow: grow, keep: keep.map { KeptShare($0, by: keepBy) }, paste: paste)
    return (edit, try edit.record(image, mask: mask))
  }
}

/// Margins in JSON, those that are left out being 0.
private struct MarginsBody: Decodable {
  let margins: EditMargins

  private enum CodingKeys: String, CodingKey, CaseIterable { case left, top, right, bottom }

  init(from decoder: any Swift.Decoder) throws {
    try decoder.refuseKeys(beside: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func side(_ key: CodingKeys) throws -> Int { try container.decodeIfPresent(Int.self, forKey: key) ?? 0 }
    margins = EditMargins(
      left: try side(.left), top: try side(.top), right: try side(.right), bottom: try side(.bottom))
  }
}

extension Edit {
  /// What images tell of the edit of uploads.
  func record(_ image: Upload, mask: Upload?) throws -> JSONValue {
    try record(image: (image.name, image.fingerprint), mask: mask.map { ($0.name, $0.fingerprint) })
  }
}
