import ARPG
import ARPGTensor
import ArgumentParser

/// Which model, and how much of the machine.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model's folder. (default: the bundled model)", valueName: "dir"))
  var model: String?

  @OptionGroup var threads: ThreadOptions

  /// The path of the model's folder.
  func path() throws -> String { try model ?? CommandContext.program.model() }
}

extension WeightPrecision: ExpressibleByArgument {}

/// How a decoder's weights are kept.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How the decoder's weights are kept in memory: f32, bf16, f16, int8 or int4; less is faster and less exact. (default: as the model says, \
      or as they are stored)
      """, valueName: "name"))
  var precision: WeightPrecision?
}

/// How many of the machine's cores to use.
struct ThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads to use; results do not depend on it. (default: all cores)", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads is \(threads); it takes 1 to 1024")
    }
  }

  /// Sets the number of threads for the process.
  func apply() {
    if let threads { Parallel.threads = threads }
  }
}

/// How a command reports.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Print one JSON object instead of paths.")
  var json = false

  @Flag(help: "No progress and no notes.")
  var quiet = false
}
