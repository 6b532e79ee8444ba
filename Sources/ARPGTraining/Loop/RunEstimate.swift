import Foundation

extension TrainingLoop {
  /// What a run will take, found by taking one step that is thrown away.
  package func estimate() throws -> RunEstimate {
    var loop = self
    var state = try start()
    let parameters = state.parameters.filter { task.isTrained($0.key) }.reduce(0) { $0 + $1.value.count }
    let clock = ContinuousClock()
    let start = clock.now
    _ = try loop.step(&state)
    let duration = clock.now - start
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    return RunEstimate(
      parameters: parameters, secondsPerStep: seconds, steps: settings.schedule.steps,
      samplesPerStep: settings.batch * settings.accumulation, peakBytes: Self.peakBytes)
  }

  /// The most memory that the process has had.
  private static var peakBytes: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
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
