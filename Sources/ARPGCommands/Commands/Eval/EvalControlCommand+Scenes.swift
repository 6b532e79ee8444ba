import ARPG
import ARPGEvaluation
import ARPGImageFiles
import ARPGScenes
import Foundation

extension EvalControlCommand {
  /// Measures on rendered scenes.
  func evaluateScenes() throws {
    let evaluator = try evaluator.map(Evaluator.load)
    let report = Report(self.report)
    let adapters = ControlEvaluation.Adapters(classes: classes, edges: edges ?? "canny", depth: depth ?? "depth")
    let rows = rows ?? Set(ControlRow.allCases), kinds = kinds ?? SceneMixture(.classes)
    let pipeline = try pipeline(for: [adapters.edges, adapters.depth], note: report.note), model = pipeline.model
    let evaluation = try ControlEvaluation(
      pipeline, using: adapters, evaluator: evaluator, overrides: drawing.overrides, withClass: !withoutClass,
      kinds: kinds, seed: seeding.seed)
    let tokens = count * rows.filter(\.isGenerated).count * model.layout.tokens
    let progress = ProgressLine(unit: "tokens", total: tokens, quiet: self.report.quiet)
    defer { progress.finish() }
    let result = try evaluation.evaluate(count, rows: rows, columns: sheet == nil ? 0 : 16) { done, _ in
      try Interruption.check()
      progress.update(done: done)
    }
    progress.finish()
    if let sheet { try ImageFile.write(ContactSheet(columns: result.columns).image(of: result.images), to: sheet) }
    try report.results(
      result.table,
      json: .object([
        "model": .string(model.description.name), "count": .number(Double(count)),
        "seed": .number(Double(seeding.seed)), "kinds": .string(kinds.description),
        "settings": JSONValue(encoding: drawing.overrides.applied(to: model.sampling)),
        "settings_without_controls": JSONValue(encoding: drawing.overrides.applied(to: model.sampling(for: []))),
        "with_class": .bool(!withoutClass),
        "rows": .array(result.rows.map { $0.scores.json(named: $0.row.rawValue) }),
        "sheet": sheet.map { .string($0) } ?? .null,
      ]))
  }
}

extension ControlEvaluation.Result {
  /// The rows as lines of a table; columns that no row has are left out.
  fileprivate var table: [String] {
    let columns = ControlScores.columns.filter { column in
      rows.contains { column.value($0.scores) != nil }
    }
    return ScoreTable(
      columns: columns.map(\.title),
      rows: rows.map { row, scores in
        (
          row.rawValue,
          columns.map { column in column.value(scores).map { String(format: column.format, $0) } ?? "" }
        )
      }
    ).lines
  }
}

extension ControlScores {
  fileprivate struct Column {
    let title, key, format: String
    let value: (ControlScores) -> Double?
  }

  fileprivate static var columns: [Column] {
    [
      Column(title: "F1 exact", key: "f1_exact", format: "%.3f") { $0.exactF1 },
      Column(title: "F1 1/128", key: "f1_near", format: "%.3f") { $0.nearF1 },
      Column(title: "middle", key: "f1_middle", format: "%.3f") { $0.middleF1 },
      Column(title: "even", key: "evenness", format: "%.3f") { $0.evenness },
      Column(title: "depth L1", key: "depth_l1", format: "%.3f") { $0.depthError },
      Column(title: "class", key: "class_accuracy", format: "%.3f") { $0.classAccuracy },
      Column(title: "dB", key: "psnr_db", format: "%.1f") { $0.peakSignalToNoise },
    ]
  }

  /// The scores as JSON; what was not measured is left out.
  fileprivate func json(named name: String) -> JSONValue {
    var object: [String: JSONValue] = ["name": .string(name)]
    for column in Self.columns {
      if let value = column.value(self), value.isFinite { object[column.key] = .number(value) }
    }
    return .object(object)
  }
}
