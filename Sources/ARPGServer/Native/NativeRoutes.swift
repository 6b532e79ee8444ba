import ARPG
import ARPGImageFiles
import ARPGService
import Foundation
import HTTPTypes
import Hummingbird

/// The native interface: models, adapters, generations, control previews.
struct NativeRoutes: Sendable {
  let state: ServerState
  let document: InterfaceDocument
  private var service: ImageService { state.service }

  func add(to router: ServerRouter) {
    let routes = router.group("/api/v1")
    routes.get("openapi.json") { _, _ in
      Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: document.content))
    }
    routes.get("models") { _, _ in models() }
    routes.get("adapters", use: adapters)
    routes.get("status") { _, _ in status() }
    routes.post("generations", use: generate)
    routes.get("generations/:id") { _, context in try body(of: job(context)) }
    routes.delete("generations/:id") { _, context in
      let job = try job(context)
      service.cancel(job)
      return try body(of: job)
    }
    routes.get("generations/:id/events", use: events)
    routes.get("generations/:id/images/:index", use: image)
    routes.post("controls", use: control)
    routes.post("settings", use: settings)
  }

  private struct Models: Encodable { let models: [ModelBody] }

  private func models() -> Response {
    .json(
      Models(
        models: service.catalog.models.enumerated().map { ModelBody($0.element, isDefault: $0.offset == 0) }))
  }

  private struct Adapters: Encodable { let adapters: [AdapterDescriptor] }

  @Sendable private func adapters(_ request: Request, _ context: ServerContext) throws -> Response {
    let model = try service.catalog.model(named: request.uri.queryParameters["model"].map(String.init))
    return .json(Adapters(adapters: model.adapters.map(\.descriptor)))
  }

  private struct Status: Encodable {
    let version: String
    let queued, running: Int
    let modelMemory: Int

    private enum CodingKeys: String, CodingKey {
      case version, queued, running
      case modelMemory = "model_memory"
    }
  }

  private func status() -> Response {
    let load = service.load
    return .json(
      Status(
        version: GenerationRecord.packageVersion, queued: load.waiting, running: load.running,
        modelMemory: service.catalog.loadedBytes))
  }

  private func job(_ context: ServerContext) throws -> Job { try service.job(context.parameters.require("id")) }

  private func body(of job: Job, status code: HTTPResponse.Status = .ok) throws -> Response {
    .json(JobBody(job, job.status, expires: service.expiry(of: job)), status: code)
  }

  @Sendable private func generate(_ request: Request, _ context: ServerContext) async throws -> Response {
    let (json, parts) = try await state.bodies.json(request)
    let body = try readJSON(GenerationBody.self, json)
    let asked = try await InputQueue.shared.run {
      try body.read(InputReader(limits: service.limits, parts: parts))
    }
    let job = try service.submit(asked)
    guard body.wait else {
      var response = try self.body(of: job, status: .accepted)
      response.headers[.location] = "/api/v1/generations/\(job.id)"
      return response
    }
    let status = try await state.follow(job, context)
    if status.state == .cancelled { throw ServiceError(.cancelled, "the generation was cancelled") }
    return .json(
      try JobBody(job, status, expires: service.expiry(of: job)) { image in
        try body.format.converted(service.file(of: job, index: image.index))
      })
  }

  @Sendable private func events(_ request: Request, _ context: ServerContext) throws -> Response {
    let job = try job(context)
    let every = try number("previews", in: request, 0...1000) ?? 4
    return .events { continuation in
      for await event in job.events(previewEvery: every, isPaced: true) {
        continuation.yield(text(of: event, job))
      }
    }
  }

  private func text(of event: JobEvent, _ job: Job) -> String {
    switch event {
    case .state(let status):
      return serverSentEvent("state", ["state": status.state.rawValue].with("position", status.position))
    case .step(let done, let total):
      return serverSentEvent(
        "step",
        JSONValue.object([
          "done": .number(Double(done)), "total": .number(Double(total)),
          "progress": .number(total > 0 ? Double(done) / Double(total) : 0),
        ]))
    case .preview(let index, let image, let progress):
      let data = (try? ImageFile.encode(image, as: .jpeg, quality: 80)) ?? Data()
      return serverSentEvent(
        "preview",
        JSONValue.object([
          "index": .number(Double(index)), "progress": .number(progress),
          "image": .string("data:image/jpeg;base64,\(data.base64EncodedString())"),
        ]))
    case .image(let image): return serverSentEvent("image", ImageBody(image, job: job.id))
    case .end(let status): return serverSentEvent("end", JobBody(job, status, expires: service.expiry(of: job)))
    }
  }

  @Sendable private func image(_ request: Request, _ context: ServerContext) throws -> Response {
    let job = try job(context), text = try context.parameters.require("index")
    guard let index = Int(text) else {
      throw ServiceError(.notFound, "there is no image '\(text.prefix(32))'; images are numbered from 0")
    }
    let query = request.uri.queryParameters
    let format: ResultFormat = try query["format"].map { try choice(String($0), "format") } ?? .png
    let quality = try number("quality", in: request, 1...100) ?? 92
    var response = Response.bytes(
      try format.converted(service.file(of: job, index: index), quality: quality), type: format.type)
    if try number("download", in: request, 0...1) == 1 {
      response.headers[.contentDisposition] =
        "attachment; filename=\"arpg-\(job.id.prefix(8))-\(index + 1).\(format.suffix)\""
    }
    response.headers[.cacheControl] = "private, max-age=3600"
    return response
  }

  /// A whole number in the query; nil where it is not given.
  private func number(_ name: String, in request: Request, _ range: ClosedRange<Int>) throws(ServiceError) -> Int? {
    guard let text = request.uri.queryParameters[Substring(name)] else { return nil }
    if let value = Int(text), range.contains(value) { return value }
    throw ServiceError(
      .unprocessable, "\(name) is '\(text.prefix(32))'; it takes \(range.lowerBound) to \(range.upperBound)")
  }

  @Sendable private func control(_ request: Request, _ context: ServerContext) async throws -> Response {
    let (json, parts) = try await state.bodies.json(request)
    let body = try readJSON(PreviewBody.self, json)
    let shown = try await InputQueue.shared.run {
      let read = try body.control.read("the control", InputReader(limits: service.limits, parts: parts))
      let (image, _) = try service.preview(
        read.specification, model: body.model, size: body.size.map(readSize), fit: body.fit)
      return try ImageFile.encode(image, as: .png)
    }
    return .bytes(shown, type: "image/png")
  }

  private struct Settings: Encodable { let parameters: JSONValue }

  @Sendable private func settings(_ request: Request, _ context: ServerContext) async throws -> Response {
    let bytes = try await [UInt8](state.bodies.read(request).readableBytesView)
    let text = try await InputQueue.shared.run {
      try ImageFile.text(of: bytes, named: "the image", limit: service.limits.image)
        .first { $0.keyword == GenerationRecord.keyword }?.value
    }
    guard let text, let parameters = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
      throw ServiceError(.unprocessable, "the image does not say what it was made with; give one that arpg wrote")
    }
    return .json(Settings(parameters: parameters))
  }
}

/// What `POST /api/v1/controls` takes.
private struct PreviewBody: Decodable {
  let model, size: String?
  let fit: ImageFit
  let control: ControlBody

  private enum CodingKeys: String, CodingKey, CaseIterable { case model, size, fit }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try decoder.refuseKeys(
      beside: CodingKeys.allCases.map(\.rawValue) + ["adapter", "options", "inputs"] + InputBody.keys)
    model = try container.decodeIfPresent(String.self, forKey: .model)
    size = try container.decodeIfPresent(String.self, forKey: .size)
    fit = try container.decodeIfPresent(String.self, forKey: .fit).map { try choice($0, "fit") } ?? .crop
    control = try ControlBody(fields: decoder)
  }
}

extension [String: String] {
  /// An object with a number beside the texts.
  fileprivate func with(_ name: String, _ number: Int) -> JSONValue {
    .object(mapValues(JSONValue.string).merging([name: .number(Double(number))]) { $1 })
  }
}
