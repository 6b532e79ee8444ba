import ARPG
import ARPGEvaluation
import ARPGImageFiles
import ARPGScenes
import ArgumentParser

/// `arpg eval control`.
struct EvalControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control",
    abstract: "Measure how well images follow their controls.",
    discussion: """
      Renders scenes that no model was trained on, and compares what a model makes
      of their class, edges and depth with the scenes themselves and with what
      the tokenizer makes of them. Canny's edges of the images are compared
      with those given, exactly and with a tolerance of 1/128 of the image's
      side (F1), and so in the middle quarter alone. `edited` is the scene with
      that quarter decoded anew from its edges. `even` is the share of pixels
      near the main colour of the part that they should show. With an evaluator,
      made by `arpg train evaluator`, the error of the depth it sees (mean
      absolute, of 0 to 1) and the share of classes it recognises.

      With --data, the images are those of `arpg data prepare`, and the controls
      those of any adapters that are stored there. The adapters' own scores are
      measured, of images made from each control, from all together, from the
      class alone, and of what the tokenizer makes of the stored codes. An adapter
      without scores whose controls are found in images, as edges are, has the
      mean difference of the control images. More is better of scores with ↑,
      less of those with ↓.

      EXAMPLES
        arpg eval control --count 64 --guidance 3
        arpg eval control --kinds shapes
        arpg eval control --model runs/mine/model --evaluator runs/evaluator/model --sheet sheet.png
        arpg eval control --data data --control canny --held-out 0.05
        arpg eval control --data data --control mine --adapter mine=canny.safetensors --count 256
      """)

  @Option(help: ArgumentHelp("How many scenes, or images of the data.", valueName: "n"))
  var count = 64

  @Option(help: ArgumentHelp("Prepared data, in place of rendered scenes.", valueName: "dir"))
  var data: String?

  @Option(
    name: .customLong("control"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The adapters whose controls are taken from the data, separated by commas.", valueName: "names"),
    transform: { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) })
  var controlLists: [[String]] = []

  @Option(
    help: ArgumentHelp(
      "Only the images that a training run with this share held out, and this --seed, did not see.", valueName: "share")
  )
  var heldOut: Double?

  @Option(help: ArgumentHelp("An evaluator of scenes: its file, or a run's model folder.", valueName: "path"))
  var evaluator: String?

  @Option(help: ArgumentHelp("Write a sheet of the first images, .png, .jpg or .webp.", valueName: "file"))
  var sheet: String?

  @Option(name: .customLong("class"), help: ArgumentHelp("The adapter that takes a class.", valueName: "adapter"))
  var classes = "class"

  @Option(help: ArgumentHelp("The adapter that takes edges of scenes. (default: canny)", valueName: "adapter"))
  var edges: String?

  @Option(help: ArgumentHelp("The adapter that takes depth of scenes. (default: depth)", valueName: "adapter"))
  var depth: String?

  @Flag(help: "Give controls without the class; with --data, also no class where there is no control.")
  var withoutClass = false

  @Option(
    help: ArgumentHelp(
      "What the scenes show, as `arpg data scenes` takes it. (default: classes)", valueName: "kind[=share],..."),
    transform: SceneMixture.init(parsing:))
  var kinds: SceneMixture?

  @Option(
    help: ArgumentHelp(
      "What is measured of scenes, separated by commas: reconstruction, uncontrolled, edges, depth, both, edited. (default: all)",
      valueName: "rows"), transform: Self.rows)
  var rows: Set<ControlRow>?

  @OptionGroup var beside: AdapterOptions
  @OptionGroup var seeding: SeedOption
  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var weights: PrecisionOption
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard 1...100_000 ~= count else { throw ValidationError("--count is \(count); it takes 1 to 100000") }
    if let heldOut, !(heldOut > 0 && heldOut <= 0.5) {
      throw ValidationError("--held-out is \(heldOut); it takes a share above 0 and up to 0.5")
    }
    if let sheet { try ImageFile.requireWritable(sheet) }
    if data == nil {
      for (option, isGiven) in [("--control", !controlLists.isEmpty), ("--held-out", heldOut != nil)] where isGiven {
        throw ValidationError("\(option) is for prepared data; give --data DIR")
      }
    } else {
      let ofScenes = [
        ("--evaluator", evaluator != nil), ("--edges", edges != nil), ("--depth", depth != nil),
        ("--kinds", kinds != nil), ("--rows", rows != nil),
      ]
      for (option, isGiven) in ofScenes where isGiven {
        throw ValidationError("\(option) is for rendered scenes; leave it out, or --data")
      }
      guard !controls.isEmpty else {
        throw ValidationError("--data takes --control NAME, the adapters whose controls are followed")
      }
      if let name = controls.first(where: { name in controls.count { $0 == name } > 1 }) {
        throw ValidationError("--control: '\(name)' stands there twice")
      }
    }
  }

  /// The names that `--control` lists.
  var controls: [String] { controlLists.flatMap { $0 } }

  private static func rows(_ text: String) throws -> Set<ControlRow> {
    let words = ["reconstruction": ControlRow.reconstruction, "uncontrolled": .uncontrolled, "edges": .edges]
      .merging(["depth": .depth, "both": .both, "edited": .edited]) { $1 }
    return Set(
      try CommaList.read(text, "--rows", otherwise: "is none of \(words.keys.sorted().joined(separator: ", "))") {
        words[$0]
      })
  }

  func run() throws {
    model.threads.apply()
    if let data { try evaluate(data) } else { try evaluateScenes() }
  }

  /// The model, with adapters of files beside it, and the registry with their names.
  func pipeline(for controls: [String], note: (String) -> Void) throws -> Pipeline {
    let path = try model.path(), registries = CommandContext.registries
    let beside = try beside.open(for: controls, of: ModelFolder.read(path, registries), registries.adapters)
    for name in controls { _ = try beside.registry.adapter(named: name) }
    return Pipeline(
      try beside.laid(beside: Model.load(path, registries, precision: weights.precision), note: note),
      adapters: beside.registry)
  }
}
