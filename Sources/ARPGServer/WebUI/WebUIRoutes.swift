import ARPG
import ARPGImageFiles
import ARPGService
import Foundation
import Hummingbird

/// The interface of AUTOMATIC1111's WebUI, `/sdapi/v1`, as far as scripts use it; ``WebUIListRoutes`` has the lists and options, and
/// ``ControlNetRoutes`` what ControlNet adds.
///
/// `txt2img` and `img2img` take `prompt` (names or indices of classes with commas between, or a text with the name of a class in it;
/// emphasis and networks are left out; ``Prompt`` may hold settings, which go before those of fields), `seed` (-1 for one at random),
/// `subseed` (0 to 100000: the number of the first image), `steps`, `cfg_scale`, `width`, `height`, `batch_size` and `n_iter` (how many
/// images: their product), `sampler_name`, `sampler_index` and `scheduler` where they are one of the model's schedules,
/// `override_settings.sd_model_checkpoint`, `send_images`, and units in `alwayson_scripts.controlnet.args`: see ``ControlNetUnit``. What is
/// not given is as the model suggests.
///
/// `img2img` takes also `init_images` (the first), `mask` (white is decoded anew), `inpainting_mask_invert`, `resize_mode`, and
/// `denoising_strength`: the share of the codes that are decoded anew where there is no mask.
///
/// Everything else is ignored: `negative_prompt`, `styles`, `mask_blur`, `inpainting_fill`, `restore_faces`, `tiling`, `save_images`, other
/// scripts; but `enable_hr` and `script_name` are errors, since the images would not be what was asked for.
struct WebUIRoutes: Sendable {
  let state: ServerState
  let session: WebUISession
  private var service: ImageService { state.service }

  init(state: ServerState) {
    self.state = state
    session = WebUISession(state.service.catalog)
  }

  func add(to router: ServerRouter) {
    let routes = router.group("/sdapi/v1")
    routes.post("txt2img") { request, context in try await generate(request, context, isEdit: false) }
    routes.post("img2img") { request, context in try await generate(request, context, isEdit: true) }
    routes.get("progress", use: progress)
    routes.post("interrupt") { _, _ in
      interrupt()
      return Response.json(JSONValue.object([:]))
    }
    routes.post("skip") { _, _ in
      interrupt()
      return Response.json(JSONValue.null)
    }
    WebUIListRoutes(state: state, session: session).add(to: routes)
    ControlNetRoutes(state: state, session: session).add(to: router.group("/controlnet"))
  }

  private func generate(_ request: Request, _ context: ServerContext, isEdit: Bool) async throws -> Response {
    let body = try readJSON(WebUIBody.self, await state.bodies.json(request).json)
    let model = try session.model(titled: body.checkpoint)
    let asked = try await InputQueue.shared.run {
      try body.read(InputReader(limits: service.limits, parts: nil), model, isEdit: isEdit)
    }
    let job = WebUIJob(try service.submit(asked))
    session.add(job)
    defer { session.remove(job) }
    let status = try await state.follow(job.job, context) { job.told($0) }
    let images = status.state == .finished ? status.images.sorted { $0.index < $1.index } : []
    let files = try images.map { try service.file(of: job.job, index: $0.index) }
    let info = try body.info(images, files: files, job.job, isInterrupted: status.state == .cancelled)
    // Where they were interrupted, the WebUI gives images as they are then.
    let shown = try status.state == .finished ? files : job.previews.map { try ImageFile.encode($0, as: .png) }
    return .json(WebUIImages(images: body.sendsImages ? shown : [], parameters: body.parameters, info: info))
  }

  /// Cancels what runs of the clients of this interface; where nothing does, what waits.
  private func interrupt() {
    let jobs = session.jobs.map(\.job).filter { !$0.status.state.isEnd }
    let running = jobs.filter { $0.status.state == .running }
    for job in running.isEmpty ? jobs : running { service.cancel(job) }
  }

  /// How far the newest job is that runs, of those of this interface.
  @Sendable private func progress(_ request: Request, _ context: ServerContext) throws -> Response {
    let jobs = session.jobs, newest = jobs.last { $0.job.status.state == .running }, status = newest?.job.status
    let progress = status?.progress ?? 0, steps = newest?.job.expectedSteps ?? 0
    let isSkipped = request.uri.queryParameters["skip_current_image"]?.lowercased() == "true"
    let image = try (isSkipped ? nil : newest?.preview).map { try ImageFile.encode($0, as: .png) }
    let count = jobs.map(\.job.status.count).reduce(0, +)
    return .json(
      JSONValue.object([
        "progress": .number(progress), "eta_relative": .number(newest?.secondsLeft(progress) ?? 0),
        "state": .object([
          "skipped": .bool(false), "interrupted": .bool(newest?.job.isCancelled ?? false),
          "stopping_generation": .bool(false), "job": .string(newest?.job.id ?? ""),
          "job_count": .number(Double(count)),
          "job_timestamp": .string(newest.map { WebUIText.timestamp($0.job.created) } ?? "0"),
          "job_no": .number(Double(status?.images.count ?? 0)),
          "sampling_step": .number((progress * Double(steps)).rounded()), "sampling_steps": .number(Double(steps)),
        ]),
        "current_image": image.map { .string($0.base64EncodedString()) } ?? .null, "textinfo": .null,
      ]))
  }
}
