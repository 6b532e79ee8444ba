import ARPG

extension TrainingLoop {
  /// What a run will take, found by taking one step that is thrown away.
  package func estimate() throws -> RunEstimate {
    var loop = self
    var state = try start()
    let parameters = state.parameters.filter { task.isTrained($0.key) }.reduce(0) { $0 + $1.value.count }
    let clock = ContinuousClock()
    let start = clock.now
    _ = try loop.step(&state)
    return RunEstimate(
      parameters: parameters, secondsPerStep: (clock.now - start).seconds, steps: settings.schedule.steps,
      samplesPerStep: settings.batch * settings.accumulation, peakBytes: PeakMemory.bytes)
  }
}

/// What a run will take.
package struct RunEstimate: Sendable {
  /// The number of values that are trained.
  package let parameters: Int
  /// How long the first step took.
  package let secondsPerStep: Double
  /// The number of steps.
  package let steps: Int
  /// The number of samples in a step.
  package let samplesPerStep: Int
  /// The most memory that the process has had.
  package let peakBytes: Int

  /// How long all steps will take.
  package var seconds: Double { secondsPerStep * Double(steps) }
}
