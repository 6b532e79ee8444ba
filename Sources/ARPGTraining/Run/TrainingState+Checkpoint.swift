import ARPG
import ARPGTensor

extension TrainingState {
  private static let format = "1"

  /// Writes the state as safetensors: whole, or not at all. Tensors are named `parameters/NAME`, `ema/NAME` and
  /// `state/NAME/WHAT`; the numbers stand in the metadata.
  func write(to path: String, groups: [ParameterGroup]) throws {
    var writer = SafetensorsWriter(metadata: [
      "format": Self.format, "step": "\(step)", "epoch": "\(position.epoch)", "index": "\(position.index)",
      "seed": "\(seed)",
    ])
    for (name, tensor) in parameters.sorted(by: { $0.key < $1.key }) { writer.add("parameters/\(name)", tensor) }
    for (name, tensor) in ema.sorted(by: { $0.key < $1.key }) { writer.add("ema/\(name)", tensor) }
    for (name, tensors) in optimizerState.sorted(by: { $0.key < $1.key }) {
      for (what, tensor) in zip(groups.stateNames(of: name, shape: parameters[name]?.shape ?? []), tensors) {
        writer.add("state/\(name)/\(what)", tensor)
      }
    }
    try writer.write(to: path)
  }

  /// Reads a state that ``write(to:groups:)`` wrote.
  ///
  /// - Parameter groups: those of the run, which say what the state is.
  /// - Throws: where the file is broken, or belongs to other optimisers.
  init(contentsOf path: String, groups: [ParameterGroup]) throws {
    let checkpoint = try Checkpoint.open(path)
    func number<Number: FixedWidthInteger>(_ key: String) throws -> Number {
      guard let text = checkpoint.metadata[key], let number = Number(text), number >= 0 else {
        throw TrainingError.sample(
          path: path, found: "'\(checkpoint.metadata[key] ?? "nothing")' for \(key)", expected: "a whole number")
      }
      return number
    }
    guard checkpoint.metadata["format"] == Self.format else {
      throw TrainingError.sample(path: path, found: "no training checkpoint", expected: "one of format \(Self.format)")
    }
    func tensors(_ prefix: String) throws -> [String: Tensor] {
      var found: [String: Tensor] = [:]
      for name in checkpoint.names where name.hasPrefix(prefix) {
        found[String(name.dropFirst(prefix.count))] = try checkpoint.tensor(named: name)
      }
      return found
    }
    let parameters = try tensors("parameters/")
    // Version 0.1.0 wrote `memory/` and `averages/`.
    let stored = try tensors("state/").merging(tensors("memory/")) { $1 }
    var optimizerState: OptimizerState = [:]
    var known = 0
    for (name, parameter) in parameters {
      let names = groups.stateNames(of: name, shape: parameter.shape)
      let tensors = names.compactMap { stored["\(name)/\($0)"] }
      guard tensors.count == names.count || tensors.isEmpty, tensors.allSatisfy({ $0.shape == parameter.shape }) else {
        throw TrainingError.sample(path: path, found: "not all of \(names) for \(name)", expected: "all of them")
      }
      if !tensors.isEmpty { optimizerState[name] = tensors }
      known += tensors.count
    }
    guard known == stored.count else {
      throw TrainingError.sample(
        path: path, found: "the state of another optimiser", expected: "that of the optimiser of this run")
    }
    self.init(
      parameters: parameters, optimizerState: optimizerState,
      ema: try tensors("ema/").merging(tensors("averages/")) { $1 }, step: try number("step"),
      position: DataPosition(epoch: try number("epoch"), index: try number("index")), seed: try number("seed"))
  }
}
