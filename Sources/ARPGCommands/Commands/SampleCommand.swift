import ARPG
import ArgumentParser

/// `arpg sample --class ...`: images without a control image.
struct SampleCommand: SharedCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sample",
      abstract: "Generate images of a class, or of none.",
      discussion: """
        CONTROLS
        \(CommandContext.adapters.shorthandHelp(inputs: inputs))

        \(OrderArgument.help)

        EXAMPLES
          arpg sample --class mug -o mug.png
          arpg sample --class mug,house,7 --count 4 --seed 1 -o sheet.png
          arpg sample --class mug --size 384x256 --dry-run
          arpg sample --model models/arpg-l --class 207,360 -o dog-and-otter.png

        A list of classes is a batch. Of several images, the output is a
        contact sheet, and each is written beside it with its number.
        """)
  }

  /// The kinds of input whose adapters' shorthands the command takes.
  static let inputs: [AdapterDescriptor.Input] = [.text, .tensor]

  @OptionGroup(title: "Generation") var generation: GenerationOptions
  @OptionGroup(title: "Size") var size: SizeOptions

  func run() throws {
    try generation.run(defaultOutput: "sample.png", size: size.size, isDry: size.dryRun)
  }
}
