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
        arpg train adapter --data codes -o runs/soft --set adapters=canny --adapter soft.safetensors
      """)

  @Option(
    help: ArgumentHelp(
      "The model whose decoder is adapted. (default: the bundled model)", valueName: "dir"))
  var model: String?

  @Option(help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var data: String

  @Option(
    name: .customLong("adapter"),
    help: ArgumentHelp("A file with the weights that an adapter begins with; repeatable.", valueName: "file"))
  var starts: [String] = []

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var heldOut: HeldOutOptions
  @OptionGroup var training: TrainingOptions

  func run() throws {
    let registries = CommandContext.registries
    let recipe: AdapterRecipe = try training.loadRecipe(["held_out": heldOut.heldOut])
    var beside = AdaptersBeside(registry: registries.adapters)
    for path in starts { try beside.add(path, as: nil) }
    if let stranger = beside.files.first(where: { !recipe.decoder.adapters.contains($0.key) }) {
      throw CommandError(
        "--adapter \(stranger.value.path): it is for the adapter '\(stranger.key)', which is not trained; expected one of "
          + recipe.decoder.adapters.joined(separator: ", "))
    }
    let task = try DecoderTask(
      recipe.decoder, data: TrainingData(data, registries),
      model: .read(model ?? CommandContext.program.model(), registries),
      registries, starts: beside.files, seed: training.seed)
    for note in task.notes { Report(training.report).note(note) }
    try training.train(task, recipe: recipe, loop: recipe.decoder.loop)
  }
}
