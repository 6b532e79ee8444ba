import ArgumentParser

/// `arpg data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Make data to train on.",
    discussion: """
      EXAMPLES
        arpg data scenes -o scenes --count 4096
            rendered scenes of 16 classes, with depth
        arpg data prepare scenes -o data --adapters canny,depth
            codes and control images of images
        arpg data import pretokenized.jsonl -o data
            codes that another program made
      """,
    subcommands: [ScenesCommand.self, PrepareCommand.self, ImportCommand.self, ShowCommand.self])
}
