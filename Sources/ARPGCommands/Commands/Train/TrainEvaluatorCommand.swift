import ARPG
import ARPGEvaluation
import ARPGTraining
import ArgumentParser

/// `arpg train evaluator -o RUN`.
struct TrainEvaluatorCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluator",
    abstract: "Train a network that tells class and depth of images.",
    discussion: """
      It learns from scenes that are rendered for it, and serves `arpg eval control`.

      EXAMPLES
        arpg train evaluator -o runs/evaluator
        arpg eval control --evaluator runs/evaluator/model
      """,
    aliases: ["judge"])

  @OptionGroup var training: TrainingOptions

  func run() throws {
    let recipe: EvaluatorRecipe = try training.loadRecipe()
    let task = EvaluatorTask(
      recipe.sizes, count: recipe.scenes, depthWeight: recipe.depthWeight, kinds: try recipe.mixture,
      seed: training.seed)
    try training.train(task, recipe: recipe, loop: recipe.loop)
  }
}
