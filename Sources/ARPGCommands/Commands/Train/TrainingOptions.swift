import ARPG
import ARPGTraining
import ArgumentParser
import Foundation

/// What is measured beside training.
struct HeldOutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A share of the data that is not trained on, such as 0.05, or a folder of other data; every evaluate_every steps the loss on it is told and logged.",
      valueName: "share|dir"))
  var heldOut: String?
}

/// The options of all kinds of training.
struct TrainingOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the run.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("The settings, a JSON file.", valueName: "file"))
  var recipe: String?

  @Option(
    name: .customLong("set"), help: ArgumentHelp("A setting over the recipe's; repeatable.", valueName: "key=value"),
    transform: KeyValue.init)
  var settings: [KeyValue] = []

  @Option(help: ArgumentHelp("The number of steps, over the recipe's.", valueName: "n"))
  var steps: Int?

  @Option(help: ArgumentHelp("Of all random numbers.", valueName: "number"))
  var seed: UInt64 = 0

  @Flag(help: "Take one step and tell what the run would take; nothing is written.")
  var dryRun = false

  @Flag(help: "Resume a run although its data has changed since.")
  var acceptNewData = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  /// Reads the recipe with what is set over it.
  ///
  /// - Parameters:
  ///   - options: settings that have options of their own, with those that were given.
  ///   - defaults: the defaults, which may depend on what is given.
  func loadRecipe<Settings: Recipe>(
    _ options: [String: String?] = [:], defaults: ([String: JSONValue]) throws -> Settings = { _ in Settings() }
  ) throws -> Settings {
    let given = options.merging(["steps": steps.map(String.init)]) { $1 }.compactMapValues { $0 }
    let overrides = settings.map { ($0.key, $0.value) } + given.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return try Settings.load(recipe, overrides: overrides, note: Report(report).note, defaults: defaults)
  }

  /// Runs a loop to its end, or tells what it would take.
  func train<Task: TrainingTask, Settings: Recipe>(_ task: Task, recipe: Settings, loop settings: LoopRecipe) throws {
    threads.apply()
    Interruption.handle()
    let report = Report(report)
    let processes = CommandContext.processes
    try TrainingError.require(
      settings.batch >= processes.count, "batch", settings.batch, "a sample for each of \(processes.count) processes")
    let loop = TrainingLoop(task, settings: settings.settings, seed: seed, processes: processes)
    if dryRun { return try tell(loop.estimate(), report) }
    var run = try TrainingRun(
      loop, folder: output, recipe: JSONValue(encoding: recipe), defaults: JSONValue(encoding: Settings()),
      changeable: Settings.changeable, renamed: Settings.renamed,
      acceptsNewData: acceptNewData,
      intervals: .init(settings), note: report.note)
    let progress = ProgressLine(
      unit: "steps", total: settings.steps, quiet: self.report.quiet || !processes.isFirst, first: run.state.step)
    defer { progress.finish() }
    var last: TrainingProgress?
    try run.train { step in
      last = step
      if !step.leftOut.isEmpty, processes.isFirst {
        report.note("\(step.leftOut.count) files are left out, listed in \(output)/skipped.txt; \(step.leftOut[0])")
      }
      progress.update(done: step.report.step, note: step.summary)
      if !progress.isShown, processes.isFirst, step.report.step.isMultiple(of: settings.logEvery) {
        report.progress("step \(step.report.step)/\(step.steps)  \(step.summary)  \(step.timeLeft) left")
      }
      return !Interruption.isRequested
    } evaluated: { step, losses in
      let parts = losses.sorted { $0.key < $1.key }.map { String(format: "%@ %.4f", $0.key, $0.value) }
      progress.finish()
      report.progress("step \(step)/\(settings.steps)  held out: \(parts.joined(separator: "  "))")
    }
    progress.finish()
    guard processes.isFirst else { return }
    if run.state.step < settings.steps {
      report.note("interrupted at step \(run.state.step); the same command resumes from there")
      throw ExitCode(Interruption.exitCode)
    }
    try report.results(
      ["\(output)/model"],
      json: .object([
        "model": .string("\(output)/model"), "step": .number(Double(run.state.step)),
        "loss": last.map { .number($0.report.loss) } ?? .null,
      ]))
  }

  private func tell(_ estimate: RunEstimate, _ report: Report) throws {
    let gigabytes = Double(estimate.peakBytes) / 1e9
    let hours = estimate.seconds / 3600
    let lines = [
      "\(estimate.parameters) parameters are trained",
      String(format: "%.2f GB of memory", gigabytes),
      String(
        format: "%.2f s a step of %d samples, %.1f h for %d steps", estimate.secondsPerStep,
        estimate.samplesPerStep, hours, estimate.steps),
    ]
    try report.results(
      lines,
      json: .object([
        "parameters": .number(Double(estimate.parameters)), "bytes": .number(Double(estimate.peakBytes)),
        "seconds_per_step": .number(estimate.secondsPerStep), "seconds": .number(estimate.seconds),
        "samples_per_step": .number(Double(estimate.samplesPerStep)),
        "steps": .number(Double(estimate.steps)),
      ]))
  }
}

extension TrainingProgress {
  /// Loss, learning rate and speed.
  fileprivate var summary: String {
    String(format: "loss %.4f  learning rate %.2e  %.1f samples/s", report.loss, report.learningRate, samplesPerSecond)
  }

  fileprivate var timeLeft: String {
    secondsLeft < 60
      ? String(format: "%.0f s", secondsLeft)
      : String(format: "%d:%02d h", Int(secondsLeft) / 3600, Int(secondsLeft) / 60 % 60)
  }
}
