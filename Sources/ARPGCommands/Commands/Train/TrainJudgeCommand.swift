import ARPG
import ARPGEvaluation
import ARPGTraining
import ArgumentParser

/// `arpg train judge -o RUN`.
struct TrainJudgeCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Train a network that tells class and depth of pictures.",
    discussion: """
      It learns from scenes that are drawn for it, and serves `arpg eval control`.

      EXAMPLES
        arpg train judge -o runs/judge
        arpg eval control --judge runs/judge/model
      """)

  @OptionGroup var training: TrainingOptions

  func run() throws {
    let recipe = try JudgeRecipe.load(training.recipe, overrides: training.overrides)
    let task = JudgeTask(
      recipe.sizes, count: recipe.scenes, depthWeight: recipe.depthWeight, kinds: try recipe.mixture,
      seed: training.seed)
    try training.train(task, recipe: recipe, loop: recipe.loop)
  }
}
