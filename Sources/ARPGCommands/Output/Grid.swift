import ARPG

/// The images of a table, ready to be made: controls are encoded, settings checked.
struct Grid {
  /// The images, row by row.
  let cells: [GridCell]
  private let prepared: [PreparedControls]
  private let settings: [SamplingSettings]
  private let controls: [ReadControl]
  private let pipeline: Pipeline

  /// Encodes the controls of all cells.
  ///
  /// - Throws: where a control or a setting cannot be used, or the controls describe several images.
  init(_ cells: [GridCell], _ controls: [ReadControl], on pipeline: Pipeline, fit: ImageFit) throws {
    let variants = ControlVariants(pipeline, fit: fit)
    prepared = try cells.map { cell in
      try Interruption.check()
      return try variants.prepare(zip(controls, cell.controls).map { $0.specification(with: $1) })
    }
    if let batch = prepared.map(\.batch).max(), batch > 1 {
      throw CommandError("the controls describe \(batch) images; a grid makes one image with each setting: give one")
    }
    settings = zip(cells, prepared).map { $0.settings(over: pipeline.model.sampling(for: $1.active)) }
    for settings in settings { try pipeline.check(settings) }
    self.cells = cells
    self.controls = controls
    self.pipeline = pipeline
  }

  /// What the user should know of how the controls were read, each told once.
  var notes: [String] {
    var told: Set<String> = []
    return prepared.flatMap(\.notes).filter { told.insert($0).inserted }
  }

  /// Makes the images, row by row.
  ///
  /// - Parameter observe: is told how many tokens are decoded; what it throws ends the work.
  func images(_ observe: (Int) throws -> Void) throws -> [Image] {
    try cells.indices.flatMap { index in
      try pipeline.generate(prepared[index], settings: settings[index], seed: cells[index].seed) { state in
        try observe(index * pipeline.model.layout.tokens + state.tokensDone)
      }.map(\.image)
    }
  }

  /// What decides the images but for the axes, as other images tell it.
  func parameters(seed: UInt64, overrides: SamplingOverrides) throws -> [String: JSONValue] {
    let model = pipeline.model
    let record = GenerationRecord(
      model, weights: try model.fingerprints(adapters: Set(controls.map(\.argument.adapter))), seed: seed,
      settings: overrides.applied(to: model.sampling(for: prepared[0].active)),
      controls: try controls.record(prepared[0].readings, model))
    guard case .object(let parameters) = try record.json else { return [:] }
    return parameters
  }

  /// The cells as JSON: place, seed, settings, and the controls' own.
  var cellsAsJSON: [JSONValue] {
    get throws {
      try zip(cells, settings).map { cell, settings in
        .object([
          "row": .number(Double(cell.row)), "column": .number(Double(cell.column)),
          "seed": .number(Double(cell.seed)), "settings": try JSONValue(encoding: settings),
          "controls": .array(
            cell.controls.map { control in
              .object([
                "adapter": .string(control.adapter), "strength": .number(Double(control.strength)),
                "from": .number(control.from), "to": .number(control.to),
                "guidance": control.guidance.map { .number(Double($0)) } ?? .null,
                "options": .object(control.options.mapValues(JSONValue.string)),
              ])
            }),
        ])
      }
    }
  }
}
