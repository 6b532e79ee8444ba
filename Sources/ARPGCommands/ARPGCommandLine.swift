import ARPG
import ARPGStarter
import ARPGTensor
import ArgumentParser
import Foundation

/// The command line of the package, over whatever adapters and decoder families a program has.
///
/// The `main.swift` of a program with one adapter more:
///
///     var registries = Registries()
///     try TwoPassDecoder.register(in: &registries)
///     try registries.adapters.register(MyControl())
///     exit(ARPGCommandLine(registries, name: "my-arpg").run())
public struct ARPGCommandLine: Sendable {
  /// The version of the package, which images name beside what they were made with.
  public static let packageVersion = GenerationRecord.packageVersion

  /// The adapters, decoder families and tokenizers that the commands know.
  public private(set) var registries: Registries
  /// What the program is called, in help and errors too.
  public let name: String
  /// One line for help.
  public let summary: String
  /// The version that `--version` prints.
  public let version: String
  /// Gives the folder of the model that is used where none is named.
  public let model: @Sendable () throws -> String
  /// Commands beside those of the package. They find the command line in ``current``.
  public let subcommands: [any ParsableCommand.Type]
  /// Share out the training of a model and the images of a sample; every one of them runs the command line.
  public let processes: any ProcessGroup

  /// A command line.
  ///
  /// - Parameters:
  ///   - registries: the adapters, decoder families and tokenizers that the commands know.
  ///   - name: what the program is called.
  ///   - summary: one line for help.
  ///   - version: what `--version` prints; by default the package's.
  ///   - model: gives the folder of the model that is used where none is named; by default the bundled one.
  ///   - subcommands: commands beside those of the package, with names of their own.
  ///   - processes: share out the work; by default this one alone.
  public init(
    _ registries: Registries, name: String = "arpg",
    summary: String = "Images that follow a sketch, a depth map, a class.", version: String = packageVersion,
    model: @escaping @Sendable () throws -> String = Starter.path, subcommands: [any ParsableCommand.Type] = [],
    processes: any ProcessGroup = SingleProcess()
  ) {
    self.registries = registries
    self.name = name
    self.summary = summary
    self.version = version
    self.model = model
    self.subcommands = subcommands
    self.processes = processes
  }

  /// The command line that runs the command which asks; one without adapters where none does.
  public static var current: ARPGCommandLine { CommandContext.program }

  /// Parses the arguments and runs the command. Results go to standard output, errors to standard error in one line.
  ///
  /// The process listens to the signals that end it from then on, and ignores SIGPIPE.
  ///
  /// - Parameter arguments: without the program's name; those of the process where nil.
  /// - Returns: the exit code: 0 where all went well, 64 for arguments that are wrong, 1 for anything else, and 128 plus its
  ///   number for a signal.
  public func run(_ arguments: [String]? = nil) -> Int32 {
    StandardStreams.prepare()
    Interruption.listen()
    let given = arguments ?? Array(CommandLine.arguments.dropFirst())
    var program = self
    do { try program.registries.addAdapterLibraries(of: given) } catch { return leave(isAlone: false, error) }
    return program.runCommand(given)
  }

  private func runCommand(_ arguments: [String]) -> Int32 {
    CommandContext.$program.withValue(self) {
      do {
        try registries.adapters.checkShorthands()
        var command = try ARPGCommand.parseAsRoot(expanded(arguments))
        guard processes.count == 1 || command is any SharedCommand else {
          throw ValidationError("\(type(of: command)._commandName) runs as one process; start it without mpirun")
        }
        do { try command.run() } catch {
          return leave(isAlone: true, error)
        }
      } catch {
        // All processes find the same in the arguments.
        return leave(isAlone: false, error)
      }
      processes.finish()
      return 0
    }
  }

  /// Ends what cannot go on. One of several processes says why before it leaves, since none outlives the first that is
  /// gone; one that fails alone takes the others along.
  private func leave(isAlone: Bool, _ error: any Error) -> Int32 {
    let code = ARPGCommand.exitCode(for: error).rawValue, isStop = error is ExitCode
    var failure: (any Error)?
    if !isStop, isAlone || processes.isFirst {
      if code == 0 {
        do { try StandardStreams.result(named(ARPGCommand.fullMessage(for: error)) + "\n") } catch { failure = error }
      } else {
        StandardStreams.message("Error: \(named(ARPGCommand.message(for: error)).oneLine)\n")
      }
    }
    if processes.count > 1, isAlone, !isStop { processes.abort(code) }
    processes.finish()
    return failure.map { ARPGCommand.exitCode(for: $0).rawValue } ?? code
  }

  /// A text of the package in which the program has its own name where it is told what to type.
  private func named(_ text: String) -> String {
    guard name != "arpg" else { return text }
    return text.replacing(/(^|[ `|])arpg(?= [a-z])/.anchorsMatchLineEndings()) { "\($0.1)\(name)" }
  }

  /// Former names of options, which are still taken.
  private static let renamedOptions = ["--judge": "--evaluator"]

  /// Writes out the shorthands that the command named first takes.
  private func expanded(_ given: [String]) -> [String] {
    let arguments = given.map { Self.renamedOptions[$0] ?? $0 }
    let command = arguments.first { !$0.hasPrefix("-") }
    let inputs: [String: [AdapterDescriptor.Input]] = [
      SampleCommand._commandName: SampleCommand.inputs, ControlCommand._commandName: ControlCommand.inputs,
      EditCommand._commandName: EditCommand.inputs,
      GridCommand._commandName: GridCommand.inputs,
    ]
    guard let command, let inputs = inputs[command] else { return arguments }
    return registries.adapters.expandingShorthands(arguments, inputs: inputs)
  }
}

extension String {
  /// The text with its lines joined.
  fileprivate var oneLine: String {
    split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
  }
}
