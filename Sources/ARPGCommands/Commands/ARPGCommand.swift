import ARPG
import ArgumentParser

/// A command that several processes share.
protocol SharedCommand: ParsableCommand {}

/// `arpg`, or what a program calls itself.
struct ARPGCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    let program = CommandContext.program
    return CommandConfiguration(
      commandName: program.name, abstract: program.summary, discussion: discussion, version: program.version,
      subcommands: subcommands + program.subcommands)
  }

  private static let discussion = """
    EXAMPLES
      arpg control --edges sketch.jpg -o out.png
          an image that follows a sketch
      arpg sample --class mug --count 8 -o mugs.png
          eight images of a class, and a contact sheet
      arpg info
          the bundled model
    """

  private static let subcommands: [any ParsableCommand.Type] = [
    ControlCommand.self, SampleCommand.self, EditCommand.self, GridCommand.self, PreprocessCommand.self,
    AdaptersCommand.self, EncodeCommand.self, DecodeCommand.self, InfoCommand.self, ConvertCommand.self,
    DataCommand.self, TrainCommand.self, EvalCommand.self, BenchCommand.self,
  ]
}
