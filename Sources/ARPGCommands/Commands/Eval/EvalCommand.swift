import ArgumentParser

/// `arpg eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how good a model is.",
    subcommands: [EvalControlCommand.self, EvalPrecisionCommand.self])
}
