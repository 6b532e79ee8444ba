import ARPG
import ARPGTensor
import ArgumentParser
import Foundation

/// The command line of the package, over whatever adapters and decoder families a program has.
public enum ARPGCommandLine {
  /// Parses the arguments, runs the command, and ends the process with its exit code.
  ///
  /// - Parameters:
  ///   - registries: the adapters, decoder families and tokenizers that the commands know.
  ///   - processes: share out the training of a model and the images of a sample; every one of them calls this.
  ///   - arguments: without the program's name; those of the process where nil.
  public static func main(
    _ registries: Registries, processes: any ProcessGroup = SingleProcess(), arguments: [String]? = nil
  ) -> Never {
    StandardStreams.prepare()
    Interruption.listen()
    let arguments = expanded(arguments ?? Array(CommandLine.arguments.dropFirst()), registries.adapters)
    return CommandContext.$registries.withValue(registries) {
      CommandContext.$processes.withValue(processes) {
        do {
          try registries.adapters.checkShorthands()
          var command = try ARPGCommand.parseAsRoot(arguments)
          guard processes.count == 1 || command is any SharedCommand else {
            throw ValidationError("\(type(of: command)._commandName) runs as one process; start it without mpirun")
          }
          do { try command.run() } catch {
            leave(processes, isAlone: true, error)
          }
        } catch {
          // All processes find the same in the arguments.
          leave(processes, isAlone: false, error)
        }
        processes.finish()
        ARPGCommand.exit()
      }
    }
  }

  /// Ends a process that cannot go on. One of several says why before it leaves, since none outlives the first that is
  /// gone; one that fails alone takes the others along.
  private static func leave(_ processes: any ProcessGroup, isAlone: Bool, _ error: any Error) -> Never {
    let code = ARPGCommand.exitCode(for: error).rawValue, isStop = error is ExitCode
    var failure: (any Error)?
    if !isStop, isAlone || processes.isFirst {
      if code == 0 {
        do { try StandardStreams.result(ARPGCommand.fullMessage(for: error) + "\n") } catch { failure = error }
      } else {
        StandardStreams.message("Error: \(ARPGCommand.message(for: error).oneLine)\n")
      }
    }
    if processes.count > 1, isAlone, !isStop { processes.abort(code) }
    processes.finish()
    exit(failure.map { ARPGCommand.exitCode(for: $0).rawValue } ?? code)
  }

  /// Former names of options, which are still taken.
  private static let renamedOptions = ["--judge": "--evaluator"]

  /// Writes out the shorthands that the command named first takes.
  private static func expanded(_ given: [String], _ registry: AdapterRegistry) -> [String] {
    let arguments = given.map { renamedOptions[$0] ?? $0 }
    let command = arguments.first { !$0.hasPrefix("-") }
    let inputs: [String: [AdapterDescriptor.Input]] = [
      SampleCommand._commandName: SampleCommand.inputs, ControlCommand._commandName: ControlCommand.inputs,
      EditCommand._commandName: EditCommand.inputs,
      GridCommand._commandName: GridCommand.inputs,
    ]
    guard let command, let inputs = inputs[command] else { return arguments }
    return registry.expandingShorthands(arguments, inputs: inputs)
  }
}

/// A command that several processes share.
protocol SharedCommand: ParsableCommand {}

/// `arpg`.
struct ARPGCommand: ParsableCommand {
  /// The version of the program.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "arpg",
    abstract: "Images that follow a sketch, a depth map, a class.",
    discussion: """
      EXAMPLES
        arpg control --edges sketch.jpg -o out.png
            an image that follows a sketch
        arpg sample --class mug --count 8 -o mugs.png
            eight images of a class, and a contact sheet
        arpg info
            the bundled model
      """,
    version: version,
    subcommands: [
      ControlCommand.self, SampleCommand.self, EditCommand.self, GridCommand.self, PreprocessCommand.self,
      AdaptersCommand.self,
      EncodeCommand.self,
      DecodeCommand.self, InfoCommand.self, ConvertCommand.self, DataCommand.self, TrainCommand.self,
      EvalCommand.self,
    ])
}

extension String {
  /// The text with its lines joined.
  fileprivate var oneLine: String {
    split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
  }
}
