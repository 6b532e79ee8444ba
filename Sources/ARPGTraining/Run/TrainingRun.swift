import ARPG
import ARPGImageFiles
import Foundation

/// A run with its folder: resumes from the last checkpoint, and keeps log, curve, model and sample sheets.
public struct TrainingRun<Task: TrainingTask> {
  /// When what is written.
  public struct Intervals: Sendable {
    /// The steps from one checkpoint, and model, to the next.
    public var checkpoint: Int
    /// The steps from one line of the log to the next.
    public var log: Int
    /// The steps from one sample sheet to the next; 0 for none.
    public var samples: Int
    /// The steps from one measurement of held-out losses to the next; 0 for none.
    public var evaluation: Int

    /// Intervals in steps; see the properties.
    public init(checkpoint: Int = 500, log: Int = 10, samples: Int = 0, evaluation: Int = 0) {
      self.checkpoint = checkpoint
      self.log = log
      self.samples = samples
      self.evaluation = evaluation
    }
  }

  private var loop: TrainingLoop<Task>
  private let folder: RunFolder
  /// Of the first process.
  private let lock: RunLock?
  private let intervals: Intervals
  /// Of the first process, which alone writes files.
  private var log: TrainingLog?
  /// What has changed since the run was stopped, for the next line of the log.
  private var changes: [String] = []
  /// What of the data was left out until now.
  private var leftOut: [String] = []
  /// The step of the last checkpoint.
  private var saved: Int
  /// The present state.
  public private(set) var state: TrainingState

  /// Begins a run, or resumes one.
  ///
  /// - Parameters:
  ///   - loop: what is trained, and how.
  ///   - path: the run's folder, made where there is none.
  ///   - recipe: all settings, for the folder; a run is resumed only with those that it was begun with.
  ///   - defaults: the recipe where nothing is set; what it says was not asked for.
  ///   - changeable: settings that may differ when the run is resumed.
  ///   - renamed: former names of settings.
  ///   - acceptsNewData: whether the data may have changed since the run was stopped.
  ///   - intervals: when what is written.
  ///   - note: is told what the user should know.
  /// - Throws: ``TrainingError/otherRun(path:setting:found:expected:)``, or where no checkpoint can be read.
  public init(
    _ loop: TrainingLoop<Task>, folder path: String, recipe: JSONValue, defaults: JSONValue = .object([:]),
    changeable: Set<String> = [],
    renamed: [String: String] = [:],
    acceptsNewData: Bool = false, intervals: Intervals = Intervals(), note: (String) -> Void = { _ in }
  ) throws {
    self.loop = loop
    self.intervals = intervals
    folder = try RunFolder(path)
    lock = loop.processes.isFirst ? try folder.lock() : nil
    if loop.processes.isFirst {
      changes = try folder.keep(
        recipe: recipe.adding(loop.task.dataFingerprint(), as: RunFolder.dataKey), defaults: defaults,
        changeable: acceptsNewData ? changeable.union([RunFolder.dataKey]) : changeable, renamed: renamed)
      for change in changes { note("the setting \(change)") }
      folder.clean()
    }
    loop.processes.wait()
    let fresh = try loop.start()
    if let state = try folder.latest(groups: loop.settings.groups, note: note) {
      try ParameterError.check(
        ParameterSet(state.parameters, sourceName: folder.checkpoint(step: state.step)),
        against: fresh.parameters.map { ParameterSpecification(name: $0.key, shape: $0.value.shape) },
        ignoring: { _ in false })
      guard state.seed == fresh.seed else {
        throw TrainingError.otherRun(path: path, setting: "seed", found: "\(fresh.seed)", expected: "\(state.seed)")
      }
      note("resuming from step \(state.step)")
      self.state = state
    } else {
      state = fresh
    }
    saved = state.step
    log = loop.processes.isFirst ? try TrainingLog(folder.log, step: state.step) : nil
  }

  /// Trains to the last step of the schedule.
  ///
  /// - Parameters:
  ///   - observe: is told of each step; where it gives false, the run stops behind that step with a checkpoint.
  ///   - evaluated: is told of held-out losses when they are measured.
  /// - Throws: what a step throws, or where a file cannot be written; checkpoints that are there stay.
  public mutating func train(
    observe: (TrainingProgress) -> Bool = { _ in true },
    evaluated: (_ step: Int, _ losses: [String: Double]) -> Void = { _, _ in }
  ) throws {
    let steps = loop.settings.schedule.steps
    let first = state.step
    let clock = ContinuousClock()
    let start = clock.now
    var recent: [StepReport] = []
    var isStopped = false
    while !isStopped, state.step < steps {
      let report = try step()
      recent.append(report)
      let seconds = (clock.now - start) / .seconds(1)
      let progress = TrainingProgress(
        report: report, steps: steps, samplesPerSecond: Double((report.step - first) * report.samples) / seconds,
        secondsLeft: seconds / Double(report.step - first) * Double(steps - report.step),
        leftOut: try newlyLeftOut())
      isStopped = loop.processes.any(!observe(progress))
      guard log != nil else { continue }
      let saves = isStopped || report.step == steps || report.step.isMultiple(of: intervals.checkpoint)
      let losses = try evaluates(report.step) ? loop.task.heldOutLosses(state.emaParameters, seed: state.seed) : [:]
      if !losses.isEmpty { evaluated(report.step, losses) }
      // A checkpoint ends a line of the log, so that a run that is resumed from it writes the same lines.
      if saves || !losses.isEmpty || report.step.isMultiple(of: intervals.log) {
        try log?.append(recent.record(samplesPerSecond: progress.samplesPerSecond, heldOut: losses, changes: changes))
        recent = []
        changes = []
      }
      if intervals.samples > 0, report.step == steps || report.step.isMultiple(of: intervals.samples),
        let sheet = try loop.task.sampleSheet(state.emaParameters, seed: state.seed)
      {
        try ImageFile.write(sheet, to: folder.samples(step: report.step))
      }
      if saves { try save() }
    }
  }

  /// A step; where it fails, those before it are kept. Not those before a loss that is no number: they led there.
  private mutating func step() throws -> StepReport {
    do { return try loop.step(&state) } catch {
      if case TrainingError.diverged = error { throw error }
      if log != nil, state.step > saved { try? save() }
      throw error
    }
  }

  /// What was left out since this was asked last; all of it is listed in the folder.
  private mutating func newlyLeftOut() throws -> [String] {
    let all = loop.task.leftOut(), new = all.filter { !leftOut.contains($0) }
    leftOut = all
    if log != nil, !new.isEmpty { try AtomicFile.write(all.map { $0 + "\n" }.joined().utf8, to: folder.skipped) }
    return new
  }

  private func evaluates(_ step: Int) -> Bool {
    intervals.evaluation > 0 && (step == loop.settings.schedule.steps || step.isMultiple(of: intervals.evaluation))
  }

  private mutating func save() throws {
    try folder.save(state, groups: loop.settings.groups)
    saved = state.step
    let sample = folder.latestSample(through: state.step).flatMap { try? ImageFile.read($0) }
    try loop.task.writeModel(state.emaParameters, to: folder.model, sample: sample)
    try AtomicFile.write(LossCurve(records: log?.records ?? []).svg.utf8, to: folder.curve)
  }
}

/// How far a run has come.
public struct TrainingProgress: Sendable {
  /// What the last step found.
  public let report: StepReport
  /// The number of all steps.
  public let steps: Int
  /// The mean speed since the run began or was resumed.
  public let samplesPerSecond: Double
  /// How long the rest will take at that speed.
  public let secondsLeft: Double
  /// What of the data could not be read and was left out since the step before, a line each.
  public let leftOut: [String]
}

extension [StepReport] {
  /// A line for the log: means over the steps, the last one's learning rate, and held-out losses.
  fileprivate func record(samplesPerSecond: Double, heldOut: [String: Double], changes: [String]) -> LogRecord {
    let share = 1 / Double(Swift.max(1, count))
    var metrics = Dictionary(uniqueKeysWithValues: heldOut.map { (LogRecord.heldOutPrefix + $0.key, $0.value) })
    for report in self {
      for (name, value) in report.metrics { metrics[name, default: 0] += value * share }
    }
    return LogRecord(
      step: last?.step ?? 0, loss: reduce(0) { $0 + $1.loss * share }, learningRate: last?.learningRate ?? 0,
      gradientNorm: reduce(0) { $0 + $1.gradientNorm * share }, samplesPerSecond: samplesPerSecond, metrics: metrics,
      changes: changes.isEmpty ? nil : changes)
  }
}

extension JSONValue {
  /// An object with one entry more; others stay as they are.
  fileprivate func adding(_ text: String?, as key: String) -> JSONValue {
    guard case .object(var object) = self, let text else { return self }
    object[key] = .string(text)
    return .object(object)
  }
}
