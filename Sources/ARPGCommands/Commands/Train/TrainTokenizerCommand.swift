import ARPG
import ARPGTraining
import ArgumentParser
import Foundation

/// `arpg train tokenizer --data DIR -o RUN`.
struct TrainTokenizerCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer",
    abstract: "Train a VQ tokenizer on images.",
    discussion: """
      DIR is searched for JPEG, PNG, WebP and TIFF images, with all folders
      below it; of one made by `arpg data scenes`, the images are taken.
      With --from, training goes on from a tokenizer as it is published, or
      from a model's: sizes and codebook are its own. Codes that were made
      with it before are then no longer those of the trained one.

      EXAMPLES
        arpg train tokenizer --data photos -o runs/vq --set image_size=256
        arpg train tokenizer --data scenes -o runs/vq --steps 6000
        arpg train tokenizer --data photos -o runs/vq --from vq_ds16_c2i.pt
        arpg encode photo.jpg --model runs/vq/model -o codes.npy
      """)

  @Option(help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var data: String

  @Option(
    help: ArgumentHelp(
      "A tokenizer to train on: a model's folder, or a safetensors or PyTorch file. (default: a new one)",
      valueName: "dir|file"))
  var from: String?

  @OptionGroup var heldOut: HeldOutOptions
  @OptionGroup var training: TrainingOptions

  func run() throws {
    let registries = CommandContext.registries
    let recipe = try training.loadRecipe(["held_out": heldOut.heldOut, "continue_tokenizer": from]) {
      try TokenizerRecipe.defaults(for: $0, registries)
    }
    let task = try TokenizerTask(
      recipe, data: data, name: URL(fileURLWithPath: training.output).lastPathComponent, registries,
      seed: training.seed)
    for note in task.notes { Report(training.report).note(note) }
    try training.train(task, recipe: recipe, loop: recipe.loop)
  }
}
