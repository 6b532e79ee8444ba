import ARPG
import ARPGTensor

/// What happened while pictures were decoded, as a safetensors file: `order` [tokens], `step_sizes` (sizes of 0
/// included), `codes` [batch, tokens] in raster order, and, where asked for, `logits.{step}` [batch, positions, vocab] after
/// guidance and before the temperature.
struct Trace {
  let path: String
  let includesLogits: Bool
  private var order: [Int] = []
  private var stepSizes: [Int] = []
  private var logits: [Int: [Tensor]] = [:]

  init(path: String, includesLogits: Bool) {
    self.path = path
    self.includesLogits = includesLogits
  }

  /// Takes note of a step.
  mutating func record(_ state: GenerationProgress) {
    order = state.run.order
    stepSizes = state.run.stepSizes
    if includesLogits, let step = state.logits { logits[state.step.index, default: []].append(step) }
  }

  /// Writes the file.
  func write(codes: [[Int]], parameters: JSONValue) throws {
    var writer = SafetensorsWriter(metadata: ["arpg": try parameters.text])
    writer.add("order", integers: order, shape: [order.count])
    writer.add("step_sizes", integers: stepSizes, shape: [stepSizes.count])
    writer.add("codes", integers: codes.flatMap { $0 }, shape: [codes.count, order.count])
    let width = String(max(0, stepSizes.count - 1)).count
    for (step, batches) in logits.sorted(by: { $0.key < $1.key }) {
      let shape = [codes.count] + batches[0].shape.dropFirst()
      let name = String(repeating: "0", count: width - String(step).count) + String(step)
      writer.add("logits.\(name)", shape: shape) { Tensor(shape: shape, values: batches.flatMap(\.values)) }
    }
    try writer.write(to: path)
  }
}
