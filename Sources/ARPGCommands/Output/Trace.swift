import ARPG
import ARPGTensor

/// What happened while images were decoded, as a safetensors file: `order` [tokens], or [batch, tokens] where images
/// have orders of their own, `step_sizes` (sizes of 0
/// included), `codes` [batch, tokens] in raster order, and, where asked for, `logits.{step}` [batch, positions, vocab] after
/// guidance and before the temperature. The metadata holds all parameters under `arpg`, and each setting by its name.
struct Trace {
  let path: String
  let includesLogits: Bool
  /// Of each image.
  private var orders: [Int: [Int]] = [:]
  private var stepSizes: [Int] = []
  private var logits: [Int: [Tensor]] = [:]

  init(path: String, includesLogits: Bool) {
    self.path = path
    self.includesLogits = includesLogits
  }

  /// Takes note of a step.
  mutating func record(_ state: GenerationProgress) {
    for (place, order) in state.run.orders.enumerated() { orders[state.first + place] = order }
    stepSizes = state.run.stepSizes
    if includesLogits, let step = state.logits { logits[state.step.index, default: []].append(step) }
  }

  /// Writes the file.
  func write(codes: [[Int]], parameters: JSONValue) throws {
    var writer = SafetensorsWriter(metadata: try Self.metadata(parameters))
    let orders = codes.indices.compactMap { self.orders[$0] }
    let tokens = orders.first?.count ?? 0, isShared = orders.allSatisfy { $0 == orders[0] }
    writer.add(
      "order", integers: isShared ? orders.first ?? [] : orders.flatMap { $0 },
      shape: isShared ? [tokens] : [orders.count, tokens])
    writer.add("step_sizes", integers: stepSizes, shape: [stepSizes.count])
    writer.add("codes", integers: codes.flatMap { $0 }, shape: [codes.count, tokens])
    let width = String(max(0, stepSizes.count - 1)).count
    for (step, batches) in logits.sorted(by: { $0.key < $1.key }) {
      let shape = [codes.count] + batches[0].shape.dropFirst()
      writer.add("logits.\(step.padded(to: width))", shape: shape) {
        Tensor(shape: shape, values: batches.flatMap(\.values))
      }
    }
    try writer.write(to: path)
  }

  private static func metadata(_ parameters: JSONValue) throws -> [String: String] {
    var metadata = ["arpg": try parameters.text]
    guard case .object(let object) = parameters, case .object(let settings)? = object["settings"] else {
      return metadata
    }
    for (name, value) in settings { metadata[name] = try value.plainText }
    metadata["seed"] = try object["seed"]?.plainText
    metadata["model"] = try object["model"]?.plainText
    return metadata
  }
}

extension JSONValue {
  /// The value as JSON, a text without quotes.
  fileprivate var plainText: String {
    get throws {
      if case .string(let text) = self { return text }
      return try text
    }
  }
}
