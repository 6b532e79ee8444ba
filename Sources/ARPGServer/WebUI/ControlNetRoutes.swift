import ARPG
import ARPGImageFiles
import ARPGService
import Foundation
import Hummingbird

/// What the WebUI's ControlNet adds, `/controlnet`: lists of the adapters that take an image, each of which is a module and a model of
/// one name, and `detect`, which shows what an adapter sees of images.
///
/// `detect` takes `controlnet_module`, `controlnet_input_images` (or `controlnet_images`), `controlnet_threshold_a` and
/// `controlnet_threshold_b`; what it gives has the model's size. Everything else is ignored.
struct ControlNetRoutes: Sendable {
  let state: ServerState
  let session: WebUISession
  private var service: ImageService { state.service }
  private var adapters: [AdapterDescriptor] { session.model.imageAdapters }

  func add(to routes: ServerRoutes) {
    func value(_ path: String, _ value: @escaping @Sendable () -> JSONValue) {
      routes.get(RouterPath(path)) { _, _ in Response.json(value()) }
    }
    // The version of the interface that has everything used here.
    value("version") { .object(["version": .number(3)]) }
    value("settings") { .object(["control_net_unit_count": .number(Double(service.limits.controls - 1))]) }
    value("model_list") { .object(["model_list": Self.names(adapters)]) }
    value("module_list") {
      .object([
        "module_list": Self.names(adapters, before: [ControlNetName.none]),
        "module_detail": .object(Dictionary(adapters.map { ($0.name, Self.detail($0)) }) { first, _ in first }),
      ])
    }
    value("control_types") {
      let types = [("All", adapters)] + adapters.map { ($0.name, [$0]) }
      return .object([
        "control_types": .object(Dictionary(types.map { ($0.0, Self.type($0.1)) }) { first, _ in first })
      ])
    }
    routes.post("detect", use: detect)
  }

  private static func names(_ adapters: [AdapterDescriptor], before: [String] = []) -> JSONValue {
    .array((before + adapters.map(\.name)).map(JSONValue.string))
  }

  private static func type(_ adapters: [AdapterDescriptor]) -> JSONValue {
    .object([
      "module_list": names(adapters, before: [ControlNetName.none]),
      "model_list": names(adapters, before: ["None"]),
      "default_option": .string(adapters.count == 1 ? adapters[0].name : ControlNetName.none),
      "default_model": .string(adapters.count == 1 ? adapters[0].name : "None"),
    ])
  }

  /// Sliders are those of the resolution, which there is not, and of the thresholds.
  private static func detail(_ adapter: AdapterDescriptor) -> JSONValue {
    let sliders: [JSONValue] = ControlNetName.thresholds(of: adapter).map { option in
      .object([
        "name": .string(option.name),
        "value": option.defaultValue.flatMap { Double($0) }.map(JSONValue.number) ?? .null,
        "min": option.bounds.map { .number($0.lowerBound) } ?? .null,
        "max": option.bounds.map { .number($0.upperBound) } ?? .null,
      ])
    }
    return .object(["model_free": .bool(false), "sliders": .array([.null] + sliders)])
  }

  private struct Body: Decodable {
    let module: String
    let images: [Payload]
    let thresholds: [Double?]

    private enum CodingKeys: String, CodingKey {
      case module = "controlnet_module"
      case inputImages = "controlnet_input_images"
      case images = "controlnet_images"
      case thresholdA = "controlnet_threshold_a"
      case thresholdB = "controlnet_threshold_b"
    }

    init(from decoder: any Swift.Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      module = try container.decodeIfPresent(String.self, forKey: .module) ?? ControlNetName.none
      images =
        try container.decodeIfPresent([Payload].self, forKey: .inputImages)
        ?? container.decodeIfPresent([Payload].self, forKey: .images) ?? []
      thresholds = try [
        container.decodeIfPresent(Double.self, forKey: .thresholdA),
        container.decodeIfPresent(Double.self, forKey: .thresholdB),
      ]
    }
  }

  private struct Detected: Encodable {
    let images: [Data]
    let info: String
  }

  @Sendable private func detect(_ request: Request, _ context: ServerContext) async throws -> Response {
    let body = try readJSON(Body.self, await state.bodies.json(request).json)
    guard 1...service.limits.controls ~= body.images.count else {
      throw ServiceError(
        .unprocessable,
        "there are \(body.images.count) images in controlnet_input_images; it takes 1 to \(service.limits.controls)")
    }
    let images = try await InputQueue.shared.run {
      try body.images.enumerated().map { try detect($0.element, number: $0.offset, body) }
    }
    return .json(Detected(images: images, info: "Success"))
  }

  private func detect(_ payload: Payload, number: Int, _ body: Body) throws -> Data {
    let place = "controlnet_input_images[\(number)]"
    if body.module.lowercased() == ControlNetName.none {
      return try ImageFile.encode(payload.upload(place, nil).image(service.limits.image), as: .png)
    }
    let adapter = try ControlNetName.adapter(model: nil, module: body.module, among: adapters)
    var control = ControlBody(adapter: adapter.name, InputBody(image: payload))
    control.options = ControlNetName.options(of: adapter, thresholds: body.thresholds)
    let read = try control.read(place, InputReader(limits: service.limits, parts: nil))
    return try ImageFile.encode(service.preview(read.specification, model: session.model.name).image, as: .png)
  }
}
