import ARPG
import ArgumentParser

/// The command line of the package, over whatever adapters a program has.
public enum ARPGCommandLine {
  /// Parses the arguments, runs the command, and ends the process with its exit code.
  ///
  /// - Parameters:
  ///   - registry: the adapters that the commands know.
  ///   - arguments: without the program's name; those of the process where nil.
  public static func main(_ registry: AdapterRegistry, arguments: [String]? = nil) -> Never {
    Interruption.listen()
    return CommandContext.$registry.withValue(registry) {
      let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
      do {
        var command = try ARPGCommand.parseAsRoot(expanded(arguments, registry))
        try command.run()
      } catch {
        ARPGCommand.exit(withError: error)
      }
      ARPGCommand.exit()
    }
  }

  /// Writes out the shorthands that the command named first takes.
  private static func expanded(_ arguments: [String], _ registry: AdapterRegistry) -> [String] {
    let command = arguments.first { !$0.hasPrefix("-") }
    let inputs: [String: [AdapterDescriptor.Input]] = [
      SampleCommand._commandName: SampleCommand.inputs, ControlCommand._commandName: ControlCommand.inputs,
    ]
    guard let command, let inputs = inputs[command] else { return arguments }
    return registry.expandingShorthands(arguments, inputs: inputs)
  }
}

/// `arpg`.
struct ARPGCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arpg",
    abstract: "Pictures that follow a sketch, a depth map, a class.",
    discussion: """
      EXAMPLES
        arpg control --edges sketch.jpg -o out.png
            a picture that follows a sketch
        arpg sample --class mug --count 8 -o mugs.png
            eight pictures of a class, and a contact sheet
        arpg info
            the model that comes along
      """,
    version: "0.1.0",
    subcommands: [
      ControlCommand.self, SampleCommand.self, PreprocessCommand.self, AdaptersCommand.self, EncodeCommand.self,
      DecodeCommand.self, InfoCommand.self, ConvertCommand.self, DataCommand.self, TrainCommand.self,
      EvalCommand.self,
    ])
}
