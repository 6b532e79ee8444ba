import ARPG
import ARPGImageFiles
import ARPGService
import Foundation
import Hummingbird

/// What programs for the WebUI ask for before they make images: models, samplers, options and the like, in `/sdapi/v1`.
///
/// The option `sd_model_checkpoint` chooses the model of this interface; others are ignored. What the WebUI has and this server has
/// not is listed as nothing.
struct WebUIListRoutes: Sendable {
  let state: ServerState
  let session: WebUISession
  private var service: ImageService { state.service }

  private static let emptyLists = [
    "sd-vae", "sd-modules", "latent-upscale-modes", "loras", "hypernetworks", "face-restorers", "realesrgan-models",
    "prompt-styles", "extensions",
  ]

  func add(to routes: ServerRoutes) {
    func list(_ path: String, _ values: @escaping @Sendable () -> JSONValue) {
      routes.get(RouterPath(path)) { _, _ in Response.json(values()) }
    }
    for name in Self.emptyLists { list(name) { .array([]) } }
    list("sd-models") { .array(service.catalog.models.map(Self.model)) }
    list("samplers") { .array(WebUISampler.all(of: session.model).map(\.samplerJSON)) }
    list("schedulers") { .array(WebUISampler.all(of: session.model).map(\.schedulerJSON)) }
    list("upscalers") {
      .array([
        .object([
          "name": .string("None"), "model_name": .null, "model_path": .null, "model_url": .null, "scale": .number(1),
        ])
      ])
    }
    list("embeddings") { .object(["loaded": .object([:]), "skipped": .object([:])]) }
    list("cmd-flags") { .object(["api": .bool(true), "port": .number(Double(state.options.port))]) }
    list("memory", memory)
    // By the second name clients tell that units are taken.
    let scripts = JSONValue.array([.string("controlnet"), .string("controlnet m2m")])
    list("scripts") { .object(["txt2img": scripts, "img2img": scripts]) }
    list("script-info") {
      .array(
        [false, true].map { isEdit in
          .object([
            "name": .string("controlnet"), "is_alwayson": .bool(true), "is_img2img": .bool(isEdit), "args": .array([]),
          ])
        })
    }
    list("options", options)
    routes.post("options", use: choose)
    routes.post("refresh-checkpoints") { _, _ in Response.json(JSONValue.null) }
    routes.post("png-info", use: settings)
  }

  private static func model(_ model: ServedModel) -> JSONValue {
    .object([
      "title": .string(model.name), "model_name": .string(model.name), "hash": .null, "sha256": .null,
      "filename": .string(model.name), "config": .null,
    ])
  }

  @Sendable private func options() -> JSONValue {
    .object([
      "sd_model_checkpoint": .string(session.model.name), "sd_checkpoint_hash": .string(""),
      "samples_format": .string("png"), "enable_pnginfo": .bool(true), "show_progress_every_n_steps": .number(1),
      "control_net_unit_count": .number(Double(service.limits.controls - 1)),
    ])
  }

  private struct Options: Decodable {
    let checkpoint: String?

    private enum CodingKeys: String, CodingKey { case checkpoint = "sd_model_checkpoint" }
  }

  @Sendable private func choose(_ request: Request, _ context: ServerContext) async throws -> Response {
    let options = try readJSON(Options.self, await state.bodies.json(request).json)
    if let title = options.checkpoint { try session.choose(title) }
    return .json(JSONValue.null)
  }

  @Sendable private func memory() -> JSONValue {
    let used = Double(HealthRoutes.residentBytes)
    let total = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    return .object([
      "ram": .object(["free": .number(total - used), "used": .number(used), "total": .number(total)]),
      "cuda": .object(["error": .string("unavailable")]),
    ])
  }

  private struct Picture: Decodable {
    let image: Payload
  }

  @Sendable private func settings(_ request: Request, _ context: ServerContext) async throws -> Response {
    let body = try readJSON(Picture.self, await state.bodies.json(request).json)
    let texts = try await InputQueue.shared.run {
      let image = try body.image.upload("image", nil)
      return try ImageFile.text(of: image.bytes, named: image.name, limit: service.limits.image)
    }
    let items = Dictionary(texts.map { ($0.keyword, $0.value) }) { first, _ in first }
    let info = items[WebUIText.keyword] ?? ""
    return .json(
      JSONValue.object([
        "info": .string(info), "items": .object(items.mapValues(JSONValue.string)),
        "parameters": .object(WebUIText.settings(of: info).mapValues(JSONValue.string)),
      ]))
  }
}
