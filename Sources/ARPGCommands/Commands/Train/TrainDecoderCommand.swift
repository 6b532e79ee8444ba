import ARPG
import ARPGTraining
import ArgumentParser

/// `arpg train decoder --data DIR -o RUN`.
struct TrainDecoderCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "decoder",
    abstract: "Train a decoder on codes, alone or with adapters.",
    discussion: """
      DIR holds codes/CLASS/NAME.npy, and controls/ADAPTER/CLASS/NAME.png where adapters are trained along.

      EXAMPLES
        arpg train decoder --data codes -o runs/mine --set dim=256 --set layers=12
        arpg train decoder --data codes -o runs/joint --set adapters=canny,depth --set drop_control=0.5
      """)

  @Option(
    help: ArgumentHelp("A model whose tokenizer is taken over. (default: the data's)", valueName: "dir"))
  var model: String?

  @Option(help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var data: String

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var heldOut: HeldOutOptions
  @OptionGroup var training: TrainingOptions

  func run() throws {
    let registries = CommandContext.registries
    let recipe: DecoderRecipe = try training.loadRecipe(["held_out": heldOut.heldOut])
    let task = try DecoderTask(
      recipe, data: TrainingData(data, registries), model: model.map { try ModelFolder.read($0, registries) },
      registries, seed: training.seed)
    for note in task.notes { Report(training.report).note(note) }
    try training.train(task, recipe: recipe, loop: recipe.loop)
  }
}
