import ARPG
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Recipes")
struct RecipeTests {
  @Test("Defaults, then a file, then settings one by one")
  func layers() throws {
    let place = try TemporaryFolder()
    let file = try place.write(#"{"dim": 64, "learning_rate": 0.001, "adapters": ["canny"]}"#.utf8, as: "recipe.json")
    let recipe = try DecoderRecipe.load(file, overrides: [("dim", "96"), ("optimizer", "muon"), ("drop_all", "0.2")])
    #expect(
      recipe.dim == 96 && recipe.loop.learningRate == 0.001 && recipe.loop.optimizer == .muon && recipe.dropAll == 0.2)
    #expect(recipe.adapters == ["canny"] && recipe.loop.batch == 24)
    #expect(try DecoderRecipe.load(nil, overrides: [("adapters", "canny,depth")]).adapters == ["canny", "depth"])
    #expect(try DecoderRecipe.load(nil) == DecoderRecipe())
  }

  @Test("A recipe that was written reads as itself")
  func roundTrip() throws {
    var recipe = DecoderRecipe()
    recipe.loop.clip = 0.25
    recipe.adapters = ["depth"]
    recipe.adapterSettings = ["depth": .object(["hidden": .number(96)])]
    let place = try TemporaryFolder()
    let file = try place.write(JSONEncoder().encode(recipe), as: "recipe.json")
    #expect(try DecoderRecipe.load(file) == recipe)
  }

  @Test(
    "What is wrong is named",
    arguments: [
      ("batsh", "8", "did you mean 'batch'"), ("batch", "0", "batch is 0"), ("batch", "many", "batch"),
      ("optimizer", "sgd", "optimizer"), ("dropout", "1", "dropout is 1"), ("ema", "1", "ema"),
      ("adapter_settings", #"{"canny": {}}"#, "for canny"), ("mixture", #"{"canny": 1}"#, "canny"),
      ("mixture", #"{"none": -1}"#, "-1"), ("mixture", "3", "mixture"), ("drop_class_alone", "2", "drop_class_alone"),
      ("held_out_samples", "0", "held_out_samples"), ("held_out", "0", "held_out is 0.0; it takes a share"),
      ("held_out", "0.51", "held_out is 0.51"), ("held_out", "-0.1", "held_out is -0.1"),
      ("held_out", "nan", "held_out"),
      ("held_out", "5%", "held_out is '5%', which is no folder"), ("held_out", "true", "held_out"),
      ("evaluate_every", "-1", "evaluate_every"),
    ])
  func refusals(_ key: String, _ value: String, _ words: String) throws {
    let error = #expect(throws: TrainingError.self) {
      try DecoderRecipe.load(nil, overrides: [(key, value)])
    }
    #expect(try #require(error).description.contains(words))
  }

  @Test("An adapter's recipe freezes the decoder and needs an adapter")
  func adapter() throws {
    #expect(throws: TrainingError.self) { try AdapterRecipe.load(nil) }
    let recipe = try AdapterRecipe.load(nil, overrides: [("adapters", "canny")])
    #expect(!recipe.decoder.trainDecoder && recipe.decoder.loop.learningRate == 1e-4)
  }

  @Test("Former names of settings are still read, with a note")
  func renamed() throws {
    let place = try TemporaryFolder()
    let file = try place.write(#"{"free_steps": 7, "average": 0.5, "last_rate": 0.25}"#.utf8, as: "old.json")
    var notes: [String] = []
    let recipe = try TokenizerRecipe.load(file, overrides: [("rate", "0.01")]) { notes.append($0) }
    #expect(recipe.quantizationWarmup == 7 && recipe.loop.ema == 0.5 && recipe.loop.lastLearningRate == 0.25)
    #expect(recipe.loop.learningRate == 0.01 && notes.count == 4)
    #expect(notes.contains("\(file): the setting free_steps is now called quantization_warmup"))
  }
}
