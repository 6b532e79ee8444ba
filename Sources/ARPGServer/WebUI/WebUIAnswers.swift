import ARPG
import ARPGImageFiles
import ARPGService
import Foundation

/// The images of `txt2img` and `img2img`.
struct WebUIImages: Encodable {
  let images: [Data]
  let parameters: JSONValue
  /// JSON within a text.
  let info: String
}

extension WebUIBody {
  /// The fields of the request that say what is made, without images.
  var parameters: JSONValue {
    var fields: [String: JSONValue] = [
      "prompt": .string(prompt), "negative_prompt": .string(negativePrompt), "seed": .number(Double(seed)),
      "subseed": .number(Double(number)), "batch_size": .number(Double(batchSize)),
      "n_iter": .number(Double(batches)), "send_images": .bool(sendsImages),
    ]
    fields["steps"] = steps.map { .number(Double($0)) }
    fields["cfg_scale"] = guidance.map { .number(Double($0)) }
    fields["width"] = width.map { .number(Double($0)) }
    fields["height"] = height.map { .number(Double($0)) }
    fields["sampler_name"] = sampler.map(JSONValue.string)
    fields["scheduler"] = scheduler.map(JSONValue.string)
    fields["denoising_strength"] = denoising.map(JSONValue.number)
    return .object(fields)
  }

  /// What images were made with, as the WebUI tells it. Image `i` is made again with `all_seeds[i]` and `all_subseeds[i]`.
  ///
  /// - Parameters:
  ///   - files: of the images, whose texts are told.
  ///   - isInterrupted: whether somebody stopped them.
  func info(_ images: [JobImage], files: [Data], _ job: Job, isInterrupted: Bool) throws -> String {
    var settings: [String: JSONValue] = [:]
    if case .object(let fields) = images.first?.parameters, case .object(let found) = fields["settings"] {
      settings = found
    }
    let texts = try files.map { file in
      try ImageFile.text(of: [UInt8](file)).first { $0.keyword == WebUIText.keyword }?.value ?? ""
    }
    let schedule = if case .string(let name) = settings["schedule"] { "ARPG \(name)" } else { sampler ?? "" }
    let size = images.first?.size ?? job.request.size, side = job.model.folder.description.imageSize
    func all(_ value: JSONValue) -> JSONValue { .array(Array(repeating: value, count: images.count)) }
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.number)) }
    return try JSONValue.object([
      "prompt": .string(prompt), "all_prompts": all(.string(prompt)),
      "negative_prompt": .string(negativePrompt), "all_negative_prompts": all(.string(negativePrompt)),
      "seed": .number(Double(job.request.seed)), "all_seeds": numbers(images.map { Double($0.seed) }),
      "subseed": .number(Double(job.request.number)), "all_subseeds": numbers(images.map { Double($0.number) }),
      "subseed_strength": .number(0), "width": .number(Double(size?.width ?? side)),
      "height": .number(Double(size?.height ?? side)), "sampler_name": .string(schedule),
      "cfg_scale": settings["guidance"] ?? guidance.map { .number(Double($0)) } ?? .null,
      "steps": settings["steps"] ?? steps.map { .number(Double($0)) } ?? .null,
      "batch_size": .number(Double(batchSize)), "restore_faces": .bool(false), "face_restoration_model": .null,
      "sd_model_name": .string(job.model.name), "sd_model_hash": .string(""), "sd_vae_name": .null,
      "sd_vae_hash": .null, "seed_resize_from_w": .number(-1), "seed_resize_from_h": .number(-1),
      "denoising_strength": denoising.map(JSONValue.number) ?? .null, "extra_generation_params": .object([:]),
      "index_of_first_image": .number(0), "infotexts": .array(texts.map(JSONValue.string)), "styles": .array([]),
      "job_timestamp": .string(WebUIText.timestamp(job.created)), "clip_skip": .number(1),
      "is_using_inpainting_conditioning": .bool(false), "interrupted": .bool(isInterrupted),
      "notes": .array(job.status.notes.map(JSONValue.string)), "version": .string(GenerationRecord.packageVersion),
    ]).text
  }
}

/// The texts of the WebUI.
package enum WebUIText {
  /// The keyword of the text entry of an image that tells its settings.
  package static let keyword = "parameters"

  /// A time as `20261127010203`.
  static func timestamp(_ date: Date) -> String {
    date.ISO8601Format().filter(\.isNumber)
  }

  /// The settings of a text: what stands in its last line as `NAME: VALUE, NAME: VALUE`, and what stands above as `Prompt`.
  package static func settings(of text: String) -> [String: String] {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let last = lines.last else { return [:] }
    var settings: [String: String] = ["Prompt": lines.dropLast().joined(separator: "\n")]
    for piece in last.split(separator: ", ") {
      guard let colon = piece.range(of: ": ") else { continue }
      settings[String(piece[..<colon.lowerBound])] = String(piece[colon.upperBound...])
    }
    return settings
  }
}
