import ARPG
import ARPGEvaluation
import ARPGImageFiles
import ARPGTraining
import Foundation

extension EvalControlCommand {
  /// Measures on prepared data.
  func evaluate(_ path: String) throws {
    let all = try TrainingData(path, CommandContext.registries)
    let data = try heldOut.map { try all.heldOut($0, seed: seeding.seed) } ?? all
    let report = Report(self.report)
    let pipeline = try pipeline(for: controls, note: report.note), model = pipeline.model
    let evaluation = try DataEvaluation(
      pipeline, data: data, controls: controls, classes: withoutClass ? nil : classes, overrides: drawing.overrides,
      seed: seeding.seed)
    let images = evaluation.imageCount(of: count)
    if images < count { report.note("the data holds \(images) such images, which are all looked at") }
    for name in evaluation.unscored {
      report.note(
        "\(name): how well an image follows it cannot be told from the image; the scores are those of the others")
    }
    let tokens = images * evaluation.rows.count(where: \.isGenerated) * model.layout.tokens
    let progress = ProgressLine(unit: "tokens", total: tokens, quiet: self.report.quiet)
    defer { progress.finish() }
    let result = try evaluation.evaluate(count, columns: sheet == nil ? 0 : 16) { done, _ in
      try Interruption.check()
      progress.update(done: done)
    }
    progress.finish()
    if let sheet, let image = result.sheet { try ImageFile.write(image, to: sheet) }
    try report.results(
      evaluation.table(of: result),
      json: .object([
        "data": .string(path), "model": .string(model.description.name), "count": .number(Double(result.count)),
        "seed": .number(Double(seeding.seed)), "held_out": heldOut.map { .number($0) } ?? .null,
        "settings": JSONValue(encoding: drawing.overrides.applied(to: model.sampling)),
        "settings_without_controls": JSONValue(encoding: drawing.overrides.applied(to: model.sampling(for: []))),
        "with_class": .bool(evaluation.usesClasses), "controls": .array(controls.map { .string($0) }),
        "scores": .array(
          evaluation.scores.map { .object($0.score.fields.merging(["adapter": .string($0.adapter)]) { $1 }) }),
        "rows": .array(result.rows.map { row, means in evaluation.json(row, means) }),
        "sheet": sheet.map { .string($0) } ?? .null,
      ]))
  }
}

extension DataEvaluation {
  /// The rows as lines of a table, and what its columns are.
  fileprivate func table(of result: Result) -> [String] {
    let titles = scores.map { adapter, score in "\(adapter) \(score.name) \(score.isHigherBetter ? "↑" : "↓")" }
    let table = ScoreTable(
      columns: titles, rows: result.rows.map { row, means in (row.name, means.map { $0.map(Self.text) ?? "" }) })
    return table.lines + [""]
      + zip(titles, scores).map { title, item in
        "\(title)  \(item.score.summary)" + (item.score.unit.map { ", in \($0)" } ?? "")
      }
  }

  /// A number of whatever size, with three digits at least.
  private static func text(_ value: Double) -> String {
    let isUsual = value == 0 || 0.01..<10_000 ~= abs(value)
    return String(format: isUsual ? "%.3f" : "%.3g", value)
  }

  /// A row as JSON; what cannot be told is left out. Rows of controls name them, since they may be called as others are.
  fileprivate func json(_ row: Row, _ means: [Double?]) -> JSONValue {
    var values: [String: [String: JSONValue]] = [:]
    for (item, mean) in zip(scores, means) {
      values[item.adapter, default: [:]][item.score.name] = mean.map { .number($0) }
    }
    var object: [String: JSONValue] = ["name": .string(row.name), "scores": .object(values.mapValues { .object($0) })]
    switch row {
    case .reconstruction: break
    case .uncontrolled: object["controls"] = .array([])
    case .control(let name): object["controls"] = .array([.string(name)])
    case .all: object["controls"] = .array(controls.map { .string($0) })
    }
    return .object(object)
  }
}
