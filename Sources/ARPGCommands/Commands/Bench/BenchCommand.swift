import ARPG
import ARPGEvaluation
import ARPGTensor
import ArgumentParser

/// `arpg bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast a model makes images on this machine.",
    discussion: """
      Decodes images as `arpg sample` does, without writing them, and tells seconds an
      image, steps and tokens a second, what of the time each part takes, and
      the rates beside the most that this machine reads and computes:
      - GB/s: weights are counted once for each product that reads them.
      - GFLOP/s: two for each weight and row; convolutions as direct ones.
      Times are those of the run in the middle; two steps and an image come first.

      EXAMPLES
        arpg bench
        arpg bench --model models/arpg-l --precision f32,int8 --batch 1,8 --runs 5
        arpg bench --json --threads 1
      """)

  @Option(
    help: ArgumentHelp(
      "How the decoder's weights are kept, separated by commas: f32, bf16, f16, int8, int4. (default: the model's own)",
      valueName: "names"),
    transform: Self.precisions)
  var precision: [WeightPrecision]?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many images are decoded together, separated by commas, 1 to 64 each. (default: 1)", valueName: "numbers"),
    transform: Self.batches)
  var batch = [1]

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Steps of decoding. (default: the model's)", valueName: "n"))
  var steps: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many times each is measured.", valueName: "n"))
  var runs = 3

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("An index or a name; it takes as long as none. (default: none)", valueName: "class"))
  var className: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard 1...1000 ~= runs else { throw ValidationError("--runs is \(runs); it takes 1 to 1000") }
  }

  private static func precisions(_ text: String) throws -> [WeightPrecision] {
    try CommaList.read(text, "--precision", otherwise: "is none of f32, bf16, f16, int8, int4") {
      WeightPrecision(rawValue: $0)
    }
  }

  private static func batches(_ text: String) throws -> [Int] {
    try CommaList.read(text, "--batch", otherwise: "is no number of 1 to 64") { word in
      Int(word).flatMap { 1...64 ~= $0 ? $0 : nil }
    }
  }

  func run() throws {
    model.threads.apply()
    let path = try model.path()
    let precisions = precision?.map(Optional.some) ?? [nil]
    var progress: ProgressLine?
    defer { progress?.finish() }
    var results: [BenchReport.Row] = [], about: BenchReport.Subject?
    for precision in precisions {
      // One model at a time is in memory.
      let pipeline = Pipeline(
        try Model.load(path, CommandContext.registries, precision: precision), adapters: CommandContext.adapters)
      let prepared = try pipeline.prepare(className.map { [ControlSpecification("class", .text($0))] } ?? [])
      guard prepared.batch == 1 else {
        throw CommandError("--class '\(className ?? "")': it takes one class, for all images")
      }
      var settings = pipeline.model.sampling(for: prepared.active)
      settings.steps = steps ?? settings.steps
      let evaluation = SpeedEvaluation(pipeline.model, controls: prepared.active, settings: settings)
      about = about ?? BenchReport.Subject(pipeline.model)
      for batch in batch {
        let before = results.count, name = BenchReport.title(pipeline.model.precision, batch)
        let result = try evaluation.measure(batch: batch, runs: runs) { done, total in
          try Interruption.check()
          let all = total * precisions.count * self.batch.count
          progress = progress ?? ProgressLine(unit: "steps", total: all, quiet: report.quiet)
          progress?.update(done: before * total + done, note: name)
        }
        results.append(.init(precision: pipeline.model.precision, result: result))
      }
    }
    progress?.finish()
    guard let about else { return }
    // Behind the runs, so that its memory does not count as theirs.
    let table = BenchReport(
      subject: about, runs: runs, rows: results, peaks: (Machine.readRate(), Machine.multiplyAddRate()))
    try Report(report).results(table.lines, json: table.json)
  }
}
