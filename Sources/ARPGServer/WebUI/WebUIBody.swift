import ARPG
import ARPGImages
import ARPGService
import Foundation

/// What `POST /sdapi/v1/txt2img` and `/sdapi/v1/img2img` take; see ``WebUIRoutes``.
struct WebUIBody: Decodable {
  let prompt, negativePrompt: String
  let seed, number: Int
  let steps: Int?
  let guidance: Float?
  let width, height: Int?
  let batchSize, batches: Int
  let sampler, scheduler, checkpoint: String?
  let sendsImages: Bool
  let units: [ControlNetUnit]
  let images: [Payload]
  let mask: Payload?
  let isMaskInverted: Bool
  let denoising: Double?
  let fit: ImageFit?

  private enum CodingKeys: String, CodingKey {
    case prompt, seed, subseed, steps, width, height, mask, scheduler
    case negativePrompt = "negative_prompt"
    case guidance = "cfg_scale"
    case batchSize = "batch_size"
    case batches = "n_iter"
    case sampler = "sampler_name"
    case samplerIndex = "sampler_index"
    case script = "script_name"
    case isEnlarged = "enable_hr"
    case overrides = "override_settings"
    case sendsImages = "send_images"
    case scripts = "alwayson_scripts"
    case images = "init_images"
    case isMaskInverted = "inpainting_mask_invert"
    case denoising = "denoising_strength"
    case resizeMode = "resize_mode"
  }

  private struct Overrides: Decodable {
    let checkpoint: String?

    private enum CodingKeys: String, CodingKey { case checkpoint = "sd_model_checkpoint" }
  }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    prompt = try container.decodeIfPresent(String.self, forKey: .prompt) ?? ""
    negativePrompt = try container.decodeIfPresent(String.self, forKey: .negativePrompt) ?? ""
    seed = try container.decodeIfPresent(Int.self, forKey: .seed) ?? -1
    // A part of the seed: without a strength any value means nothing to the WebUI, so that nothing is wrong.
    number = (try? container.decodeIfPresent(Int.self, forKey: .subseed)).flatMap(\.self) ?? -1
    steps = try container.decodeIfPresent(Int.self, forKey: .steps)
    guidance = try container.decodeIfPresent(Float.self, forKey: .guidance)
    width = try container.decodeIfPresent(Int.self, forKey: .width)
    height = try container.decodeIfPresent(Int.self, forKey: .height)
    batchSize = try container.decodeIfPresent(Int.self, forKey: .batchSize) ?? 1
    batches = try container.decodeIfPresent(Int.self, forKey: .batches) ?? 1
    sampler =
      try container.decodeIfPresent(String.self, forKey: .sampler)
      ?? container.decodeIfPresent(String.self, forKey: .samplerIndex)
    scheduler = try container.decodeIfPresent(String.self, forKey: .scheduler)
    checkpoint = try container.decodeIfPresent(Overrides.self, forKey: .overrides)?.checkpoint
    sendsImages = try container.decodeIfPresent(Bool.self, forKey: .sendsImages) ?? true
    units = try container.decodeIfPresent(ControlNetScripts.self, forKey: .scripts)?.units ?? []
    images = try container.decodeIfPresent([Payload].self, forKey: .images) ?? []
    mask = try container.decodeIfPresent(Payload.self, forKey: .mask)
    isMaskInverted = try container.flag(.isMaskInverted)
    denoising = try container.decodeIfPresent(Double.self, forKey: .denoising)
    fit = try container.decodeIfPresent(ControlNetUnit.ResizeMode.self, forKey: .resizeMode)?.fit
    if try container.flag(.isEnlarged) {
      throw ServiceError(.unprocessable, "enable_hr is not supported; ask for the size with width and height")
    }
    if let script = try container.decodeIfPresent(String.self, forKey: .script), !script.isEmpty {
      throw ServiceError(.unprocessable, "there is no script '\(script.prefix(64))'; leave out script_name")
    }
  }
}

extension KeyedDecodingContainer {
  /// True or false, also as 1 or 0; false where it is not given.
  func flag(_ key: Key) throws -> Bool {
    if let number = try? decodeIfPresent(Int.self, forKey: key) { return number != 0 }
    return try decodeIfPresent(Bool.self, forKey: key) ?? false
  }
}

extension WebUIBody {
  /// The request.
  ///
  /// - Parameters:
  ///   - model: that makes the images.
  ///   - isEdit: whether an image is changed.
  /// - Throws: ``/ARPGService/ServiceError`` and what reading images throws.
  func read(_ reader: InputReader, _ model: ServedModel, isEdit: Bool) throws -> ServiceRequest {
    let units = units.filter(\.isEnabled)
    guard units.count < reader.limits.controls else {
      throw ServiceError(
        .unprocessable,
        "there are \(units.count) units; beside the prompt it takes \(reader.limits.controls - 1) at most")
    }
    var request = ServiceRequest()
    request.model = model.name
    request.count = try count(reader.limits)
    guard seed >= -1 else {
      throw ServiceError(.unprocessable, "seed is \(seed); it takes -1, for one at random, or more")
    }
    request.seed = seed == -1 ? UInt64.random(in: 0..<1 << 32) : UInt64(seed)
    if 0...100_000 ~= number { request.number = number }
    if width != nil || height != nil {
      let side = model.folder.description.imageSize
      request.size = ImageSize(width: width ?? side, height: height ?? side)
    }
    request.settings.steps = steps
    request.settings.guidance = guidance
    let schedules = WebUISampler.all(of: model)
    let names = [sampler, scheduler].compactMap(\.self)
    request.settings.schedule = names.lazy.compactMap { name in schedules.first { $0.isCalled(name) } }.first?.schedule
    request.fit = (isEdit ? fit : nil) ?? units.first?.fit ?? .crop
    request.controls = try units.enumerated().compactMap { index, unit in
      try unit.read("units[\(index)]", reader, model, otherwise: isEdit ? images.first : nil)
    }
    var prompt = try Prompt(prompt)
    prompt.text = WebUIPrompt.plain(prompt.text).trimmingCharacters(in: .whitespacesAndNewlines)
    if let control = try model.control(for: prompt, reader) { request.controls.insert(control, at: 0) }
    try prompt.apply(to: &request)
    if isEdit { (request.edit, request.editRecord) = try edit(reader) }
    return request
  }

  private func count(_ limits: ServiceLimits) throws(ServiceError) -> Int {
    let (count, isTooLarge) = batchSize.multipliedReportingOverflow(by: batches)
    guard batchSize > 0, batches > 0, !isTooLarge, count <= limits.count else {
      throw ServiceError(
        .unprocessable,
        "batch_size is \(batchSize) and n_iter is \(batches); their product takes 1 to \(limits.count)")
    }
    return count
  }

  private func edit(_ reader: InputReader) throws -> (Edit, JSONValue) {
    guard let payload = images.first else {
      throw ServiceError(.unprocessable, "init_images is empty; give the image that is to change")
    }
    let denoising = denoising ?? 0.75
    guard 0...1 ~= denoising else {
      throw ServiceError(.unprocessable, "denoising_strength is \(denoising); it takes 0 to 1")
    }
    let upload = try payload.upload("init_images[0]", reader.parts), mask = try mask?.upload("mask", reader.parts)
    var edit = Edit(try upload.image(reader.limits.image), mask: try mask?.image(reader.limits.image))
    if let mask = edit.mask, isMaskInverted {
      edit.mask = Image(width: mask.width, height: mask.height, grey: mask.greyValues.map { 255 - $0 })
    }
    if mask == nil { edit.keep = KeptShare(1 - denoising) }
    return (edit, try edit.record(upload, mask: mask))
  }
}
