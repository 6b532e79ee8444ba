import ARPG
import ARPGImageFiles
import ARPGService
import Foundation
import HTTPTypes
import Hummingbird

/// OpenAI's images: `/v1/models`, `/v1/images/generations` and `/v1/images/edits`.
///
/// Taken: `prompt` (names or indices of classes with commas between, or a text with the name of a class in it; empty for none), `model`,
/// `n`, `size` (`auto` is the model's), `response_format` (`b64_json`, or `url`, which leads to the native interface), `output_format`,
/// `output_compression` (the quality of a JPEG or WebP), `stream` and `partial_images`; of edits also `image` (of several the first), `mask`
/// (transparent is edited) and `input_fidelity`: without a mask and a transparent place, `low` keeps half of the codes and `high` three
/// quarters.
///
/// Taken beyond OpenAI's fields, in JSON (`extra_body`), in a form as JSON or as `settings[steps]`: `seed`, `number`, `settings`, `fit` and
/// `controls` as the native interface has them, and `keep`, the share of the codes that an edit without a mask keeps. ``Prompt`` may
/// hold settings too, which go before those of fields.
///
/// Everything else is ignored: `quality`, `style`, `background`, `moderation`, `user`.
struct OpenAIRoutes: Sendable {
  let state: ServerState
  private var service: ImageService { state.service }

  func add(to router: ServerRouter) {
    let routes = router.group("/v1")
    routes.get("models") { _, _ in Response.json(OpenAIModels(data: service.catalog.models.map(OpenAIModel.init))) }
    routes.get("models/:id") { _, context in
      Response.json(OpenAIModel(try service.catalog.model(named: context.parameters.require("id"))))
    }
    routes.post("images/generations", use: generate)
    routes.post("images/edits", use: edit)
  }

  @Sendable private func generate(_ request: Request, _ context: ServerContext) async throws -> Response {
    let body = try readJSON(OpenAIBody.self, await state.bodies.json(request).json)
    let asked = try await InputQueue.shared.run {
      try body.read(InputReader(limits: service.limits, parts: nil), service.catalog)
    }
    return try await answer(request, context, body, service.submit(asked), events: "image_generation")
  }

  @Sendable private func edit(_ request: Request, _ context: ServerContext) async throws -> Response {
    let type = request.headers[.contentType] ?? ""
    guard type.lowercased().hasPrefix("multipart/form-data") else {
      throw ServiceError(.malformed, "the content is of the type '\(type.prefix(64))'; send multipart/form-data")
    }
    let parts = try Multipart(await state.bodies.read(request), type: type)
    let body = try readJSON(OpenAIBody.self, OpenAIForm.json(parts))
    let asked = try await InputQueue.shared.run {
      let reader = InputReader(limits: service.limits, parts: parts)
      var asked = try body.read(reader, service.catalog)
      (asked.edit, asked.editRecord) = try body.edit(parts, reader)
      return asked
    }
    return try await answer(request, context, body, service.submit(asked), events: "image_edit")
  }

  private func answer(
    _ request: Request, _ context: ServerContext, _ body: OpenAIBody, _ job: Job, events: String
  ) async throws -> Response {
    if body.isStream { return stream(body, job, events, context) }
    var codes = 0
    let status = try await state.follow(job, context) { event in
      if case .step(_, let total) = event { codes = total }
    }
    if status.state == .cancelled { throw ServiceError(.cancelled, "the generation was cancelled") }
    let images = try status.images.sorted { $0.index < $1.index }.map { image in
      switch body.delivery {
      case .base64: OpenAIImages.Image(data: try file(image, body, job))
      case .url: OpenAIImages.Image(url: url(image, body, job, request))
      }
    }
    return .json(
      OpenAIImages(
        data: images, format: body.format.rawValue, size: status.images.first?.size.text,
        usage: OpenAIUsage(codes: codes)))
  }

  private func file(_ image: JobImage, _ body: OpenAIBody, _ job: Job) throws -> Data {
    try body.format.converted(service.file(of: job, index: image.index), quality: body.quality)
  }

  /// Where the native interface has an image; it asks for the key there, too.
  private func url(_ image: JobImage, _ body: OpenAIBody, _ job: Job, _ request: Request) -> String {
    let isSecure = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] } == "https"
    let path = ImageBody(image, job: job.id).url
    return "\(isSecure ? "https" : "http")://\(request.head.authority ?? "localhost")\(path)"
      + (body.format == .png ? "" : "?format=\(body.format.rawValue)&quality=\(body.quality)")
  }

  /// Each image so far and each that is finished as an event of its own; an error is the last event.
  private func stream(_ body: OpenAIBody, _ job: Job, _ events: String, _ context: ServerContext) -> Response {
    // So many previews lie evenly between the first step and the last.
    let every = body.partialImages == 0 ? 0 : max(1, job.expectedSteps / (body.partialImages + 1))
    return .events { continuation in
      var partials: [Int: Int] = [:], codes = 0
      func send(_ event: OpenAIEvent) { continuation.yield(serverSentEvent(event.type, event)) }
      do {
        let status = try await state.follow(job, context, previewEvery: every) { event in
          switch event {
          case .step(_, let total): codes = total / max(1, job.status.count)
          case .preview(let index, let image, _):
            let number = partials[index, default: 0]
            guard number < body.partialImages else { return }
            partials[index] = number + 1
            let data = try body.format.converted(ImageFile.encode(image, as: .png), quality: body.quality)
            send(
              OpenAIEvent(
                type: "\(events).partial_image", data: data, format: body.format.rawValue,
                size: "\(image.width)x\(image.height)", partialIndex: number))
          case .image(let image):
            send(
              OpenAIEvent(
                type: "\(events).completed", data: try file(image, body, job), format: body.format.rawValue,
                size: image.size.text, usage: OpenAIUsage(codes: codes)))
          default: break
          }
        }
        if status.state == .cancelled { throw ServiceError(.cancelled, "the generation was cancelled") }
      } catch {
        let error = ServiceError(running: error)
        continuation.yield(serverSentEvent("error", OpenAIError(error.kind.status, error.description)))
      }
    }
  }
}
