import ARPG
import ARPGTraining
import ArgumentParser

/// `arpg train adapter --data DIR -o RUN`.
struct TrainAdapterCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "Train control adapters for a decoder, which stays as it is.",
    discussion: """
      DIR holds codes/CLASS/NAME.npy beside controls/ADAPTER/CLASS/NAME.png. With --set train_decoder=true the decoder
      is trained along.

      EXAMPLES
        arpg train adapter --data codes -o runs/canny --set adapters=canny
        arpg train adapter --data codes --model models/arpg-l -o runs/both --recipe both.json
      """)

  @Option(
    help: ArgumentHelp(
      "The model whose decoder is adapted. (default: the bundled model)", valueName: "dir"))
  var model: String?

  @Option(help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var data: String

  @OptionGroup var heldOut: HeldOutOptions
  @OptionGroup var training: TrainingOptions

  func run() throws {
    let registries = CommandContext.registries
    let recipe: AdapterRecipe = try training.loadRecipe(["held_out": heldOut.heldOut])
    let task = try DecoderTask(
      recipe.decoder, data: TrainingData(data, registries),
      model: .read(model ?? CommandContext.program.model(), registries),
      registries, seed: training.seed)
    for note in task.notes { Report(training.report).note(note) }
    try training.train(task, recipe: recipe, loop: recipe.decoder.loop)
  }
}
