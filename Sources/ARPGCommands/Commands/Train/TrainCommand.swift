import ArgumentParser

/// `arpg train KIND`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a tokenizer, a decoder, adapters or an evaluator; run again to resume.",
    discussion: """
      EXAMPLES
        arpg train decoder --data codes -o runs/mine --dry-run
        arpg train decoder --data codes -o runs/mine --set dim=256 --steps 20000
        arpg train adapter --data codes -o runs/canny --set adapters=canny
        arpg sample --model runs/mine/model --class 3 -o sample.png
      """,
    subcommands: [
      TrainTokenizerCommand.self, TrainDecoderCommand.self, TrainAdapterCommand.self, TrainEvaluatorCommand.self,
    ])
}
