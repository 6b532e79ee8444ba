import ARPG
import ArgumentParser

/// `arpg control --edges sketch.jpg ...`: images that follow an input.
struct ControlCommand: SharedCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "control",
      abstract: "Generate images that follow a sketch, a depth map, a class.",
      discussion: """
        CONTROLS
        \(CommandContext.adapters.shorthandHelp(inputs: inputs))

        Each is short for --control NAME=INPUT. More may follow, behind commas:
          strength=0.8     factor of the control; 0 is none (default 1)
          from=0, to=1     when it acts, as a fraction of the tokens decoded
          region=mask.png  where it acts: white fully, black not at all
          guidance=2       a scale of guidance for it alone; one prediction more
                           in each step (default: guided with the others)
          KEY=VALUE        options of its own; see `arpg adapters NAME`

        \(OrderArgument.help)

        EXAMPLES
          arpg control --edges sketch.jpg -o out.png
          arpg control --edges sketch.jpg --depth map.png --class mug -o out.png
          arpg control --edges photo.jpg,strength=0.8,to=0.6,low=50 --count 4
          arpg control --control canny=left.png,region=mask.png --class house
          arpg control --edges sketch.jpg,guidance=2 --order edges -o out.png
          arpg control --edges sketch.jpg --size 512 -o large.png
        """)
  }

  /// The kinds of input whose adapters' shorthands the command takes.
  static let inputs = AdapterDescriptor.Input.allCases

  @OptionGroup(title: "Generation") var generation: GenerationOptions
  @OptionGroup(title: "Size") var size: SizeOptions

  func validate() throws {
    let registry = CommandContext.adapters
    guard !generation.inputs.controls.isEmpty else {
      let shorthands = registry.adapters.map(\.descriptor).filter { $0.input == .image }.compactMap(\.shorthand)
      throw ValidationError(
        "no control is given; use \((shorthands.map { "--\($0) FILE" } + ["--control NAME=FILE"]).joined(separator: ", ")), "
          + "or `arpg sample` for images without one")
    }
  }

  func run() throws {
    try generation.run(defaultOutput: "control.png", size: size.size, isDry: size.dryRun)
  }
}
