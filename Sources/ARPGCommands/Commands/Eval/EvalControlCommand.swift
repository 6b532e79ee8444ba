import ARPG
import ARPGEvaluation
import ARPGImageFiles
import ARPGScenes
import ArgumentParser
import Foundation

/// `arpg eval control`.
struct EvalControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control",
    abstract: "Measure how well images follow edges and depth.",
    discussion: """
      Renders scenes that no model was trained on, and compares what a model makes
      of their class, edges and depth with the scenes themselves and with what
      the tokenizer makes of them. Canny's edges of the images are compared
      with those given, exactly and with a tolerance of 1/128 of the image's
      side (F1), and so in the middle quarter alone. `edited` is the scene with that
      quarter decoded anew from its edges. `even` is the share of pixels near the main colour of the part
      that they should show. With an evaluator, made by `arpg train evaluator`, the error
      of the depth it sees (mean absolute, of 0 to 1) and the share of classes it
      recognises.

      EXAMPLES
        arpg eval control --count 64 --guidance 3
        arpg eval control --kinds shapes
        arpg eval control --model runs/mine/model --evaluator runs/evaluator/model --sheet sheet.png
      """)

  @Option(help: ArgumentHelp("How many scenes.", valueName: "n"))
  var count = 64

  @Option(help: ArgumentHelp("An evaluator: its file, or a run's model folder.", valueName: "path"))
  var evaluator: String?

  @Option(help: ArgumentHelp("Write a sheet of the first images, .png or .jpg.", valueName: "file"))
  var sheet: String?

  @Option(name: .customLong("class"), help: ArgumentHelp("The adapter that takes a class.", valueName: "adapter"))
  var classes = "class"

  @Option(help: ArgumentHelp("The adapter that takes edges.", valueName: "adapter"))
  var edges = "canny"

  @Option(help: ArgumentHelp("The adapter that takes depth.", valueName: "adapter"))
  var depth = "depth"

  @Flag(help: "Give edges and depth without the class.")
  var withoutClass = false

  @Option(
    help: ArgumentHelp("What the scenes show, as `arpg data scenes` takes it.", valueName: "kind[=share],..."),
    transform: SceneMixture.init(parsing:))
  var kinds = SceneMixture(.classes)

  @Option(
    help: ArgumentHelp(
      "What is measured, separated by commas: reconstruction, uncontrolled, edges, depth, both, edited. (default: all)",
      valueName: "rows"), transform: Self.rows)
  var rows = Set(ControlRow.allCases)

  @OptionGroup var beside: AdapterOptions
  @OptionGroup var seeding: SeedOption
  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard 1...100_000 ~= count else { throw ValidationError("--count is \(count); it takes 1 to 100000") }
    if let sheet { try ImageFile.requireWritable(sheet) }
  }

  private static func rows(_ text: String) throws -> Set<ControlRow> {
    let words = ["reconstruction": ControlRow.reconstruction, "uncontrolled": .uncontrolled, "edges": .edges]
      .merging(["depth": .depth, "both": .both, "edited": .edited]) { $1 }
    return Set(
      try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let row = words[String(word)] else {
          throw ValidationError("--rows '\(text)': '\(word)' is none of \(words.keys.sorted().joined(separator: ", "))")
        }
        return row
      })
  }

  func run() throws {
    model.threads.apply()
    let path = try model.path()
    let evaluator = try evaluator.map(Evaluator.load)
    let registries = CommandContext.registries
    let beside = try beside.open(
      for: [edges, depth], of: ModelFolder.read(path, registries), registries.adapters)
    let report = Report(self.report)
    let model = try beside.laid(beside: Model.load(path, registries), note: report.note)
    let adapters = ControlEvaluation.Adapters(classes: classes, edges: edges, depth: depth)
    let evaluation = try ControlEvaluation(
      Pipeline(model, adapters: beside.registry), using: adapters, evaluator: evaluator,
      overrides: drawing.overrides,
      withClass: !withoutClass, kinds: kinds, seed: seeding.seed)
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
    let width = 18
    func line(_ name: String, _ cells: [String]) -> String {
      name.padding(toLength: width, withPad: " ", startingAt: 0)
        + cells.map { String(repeating: " ", count: max(1, 13 - $0.count)) + $0 }.joined()
    }
    return [line("", columns.map(\.title))]
      + rows.map { row, scores in
        line(
          row.rawValue, columns.map { column in column.value(scores).map { String(format: column.format, $0) } ?? "" })
      }
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
