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

      EXAMPLES
        arpg train tokenizer --data photos -o runs/vq --set image_size=256
        arpg train tokenizer --data scenes -o runs/vq --steps 6000
        arpg encode photo.jpg --model runs/vq/model -o codes.npy
      """)

  @Option(help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var data: String

  @OptionGroup var heldOut: HeldOutOptions
  @OptionGroup var training: TrainingOptions

  func run() throws {
    let recipe: TokenizerRecipe = try training.loadRecipe(["held_out": heldOut.heldOut])
    let task = try TokenizerTask(
      recipe, data: data, name: URL(fileURLWithPath: training.output).lastPathComponent, seed: training.seed)
    for note in task.notes { Report(training.report).note(note) }
    try training.train(task, recipe: recipe, loop: recipe.loop)
  }
}
