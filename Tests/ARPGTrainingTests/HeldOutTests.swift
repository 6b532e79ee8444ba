import ARPG
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Held-out data")
struct HeldOutTests {
  private let codes: CodeFolder
  private let place: TemporaryFolder

  init() throws {
    codes = try CodeFolder(images: 20, augmentations: 3)
    place = try TemporaryFolder()
  }

  private func recipe(_ heldOut: String?, steps: Int = 4) throws -> DecoderRecipe {
    try DecoderRecipe.load(
      nil,
      overrides: [
        ("vocab", "32"), ("dim", "16"), ("layers", "2"), ("heads", "2"), ("hidden", "32"), ("batch", "4"),
        ("steps", "\(steps)"), ("evaluate_every", "2"),
      ] + (heldOut.map { [("held_out", $0)] } ?? []))
  }

  private func task(_ heldOut: String?, data: String? = nil, seed: UInt64 = 1) throws -> DecoderTask {
    try DecoderTask(
      recipe(heldOut), data: TrainingData(data ?? codes.path, .twoPass), model: nil, .twoPass, seed: seed)
  }

  /// The files of data, relative to its folder.
  private func files(_ data: TrainingData) -> Set<String> {
    Set((0..<data.count).map { String(data.path(of: $0).dropFirst(data.root.count)) })
  }

  /// The files that a share holds out; checks that all others are trained on.
  private func heldOut(_ share: String, seed: UInt64 = 1) throws -> Set<String> {
    let task = try task(share, seed: seed), all = try files(codes.data())
    let heldOut = files(try #require(task.heldOut).data), trained = files(task.data)
    #expect(task.sampleCount == trained.count)
    #expect(heldOut.isDisjoint(with: trained) && heldOut.union(trained) == all && !heldOut.isEmpty)
    #expect(task.notes == ["\(heldOut.count) of \(all.count) images are held out and not trained on"])
    return heldOut
  }

  @Test("A share is chosen by seed and name alone, whole images at a time")
  func choice() throws {
    let some = try heldOut("0.2")
    #expect(try heldOut("0.2") == some)
    #expect(try heldOut("0.2", seed: 2) != some)
    #expect(try heldOut("0.4").isStrictSuperset(of: some))
    #expect(try task("0.2").heldOut?.data.sample(0) { $0 - 1 }.augmentations == 3)
    // Other images do not move those that are there.
    for image in 20..<40 {
      try FileManager.default.copyItem(
        atPath: "\(codes.path)/codes/0/0.npy", toPath: "\(codes.path)/codes/0/\(image).npy")
    }
    #expect(try heldOut("0.2").isSuperset(of: some))
    #expect(try heldOut("0.2").intersection(files(try task("0.2").data)).isEmpty)
  }

  @Test("Training with a share held out is training without its files, and measures as a folder of them does")
  func equivalence() throws {
    let heldOut = try heldOut("0.3")
    for (folder, removed) in [("rest", heldOut), ("other", try files(codes.data()).subtracting(heldOut))] {
      try FileManager.default.copyItem(atPath: codes.path, toPath: place.file(folder))
      for file in removed { try FileManager.default.removeItem(atPath: place.file(folder) + file) }
    }
    func losses(_ task: DecoderTask) throws -> ([Double], [String: Double]) {
      var loop = TrainingLoop(task, settings: try recipe(nil).loop.settings, seed: 1)
      var state = try loop.start()
      let losses = try (0..<4).map { _ in try loop.step(&state).loss }
      return (losses, try task.heldOutLosses(state.emaParameters, seed: 1))
    }
    let share = try losses(task("0.3"))
    let folder = try losses(task(place.file("other"), data: place.file("rest")))
    #expect(share.0 == folder.0 && share.1 == folder.1 && share.1.keys.contains("none"))
    #expect(try losses(task(nil)).0 != share.0)
  }

  private func run(_ heldOut: String?, accepting: Bool = false, note: (String) -> Void = { _ in }) throws
    -> TrainingRun<DecoderTask>
  {
    let recipe = try recipe(heldOut)
    return try TrainingRun(
      TrainingLoop(task(heldOut), settings: recipe.loop.settings, seed: 1), folder: place.file("run"),
      recipe: JSONValue(encoding: recipe), changeable: DecoderRecipe.changeable, acceptsNewData: accepting,
      intervals: .init(recipe.loop), note: note)
  }

  @Test("A run is not resumed with another share unless that is accepted; another folder is told")
  func resuming() throws {
    var first = try run("0.2")
    try first.train { $0.report.step < 2 }
    for other in ["0.4", nil] {
      let error = #expect(throws: TrainingError.self) { try run(other) }
      #expect(error?.description.contains("another share held out") == true)
    }
    _ = try run("0.2")
    var notes: [String] = []
    var second = try run("0.4", accepting: true) { notes.append($0) }
    #expect(notes.contains("the setting held_out 0.2 is now 0.4"))
    try second.train()
    let log = try String(contentsOfFile: place.file("run/log.jsonl"), encoding: .utf8).split(separator: "\n")
    let records = try log.map { try JSONDecoder().decode(LogRecord.self, from: Data($0.utf8)) }
    #expect(records.compactMap(\.changes).flatMap { $0 }.contains("held_out 0.2 is now 0.4"))
    #expect(records.filter { $0.metrics["held_out.none"] != nil }.map(\.step) == [2, 4])
    let curve = try String(contentsOfFile: place.file("run/loss.svg"), encoding: .utf8)
    #expect(curve.contains("held out: none") && curve.split(separator: "<polyline").count == 4)
  }

  @Test("Another folder does not change what is trained on, and is told")
  func otherFolder() throws {
    var first = try run(nil)
    try first.train { $0.report.step < 2 }
    var notes: [String] = []
    _ = try run(codes.path) { notes.append($0) }
    #expect(notes.contains("the setting held_out null is now \"\(codes.path)\""))
  }

  @Test("A share that leaves a side empty is refused")
  func empty() throws {
    let error = #expect(throws: TrainingError.self) { try task("0.000001") }
    #expect(error?.description.contains("held_out is 1e-06, which holds out 0 of the 40 samples") == true)
  }

  @Test("A tokenizer is measured on held-out images by reconstruction loss and PSNR, a share as a folder of it")
  func tokenizer() throws {
    let folder = try TemporaryFolder()
    _ = try TokenizerTaskTests.discs(in: folder)
    let sizes = [
      ("channels", "16"), ("multipliers", "[1,2]"), ("latent", "16"), ("codebook", "32"), ("code_dim", "4"),
      ("groups", "4"), ("patch", "2"), ("image_size", "16"), ("batch", "2"), ("quantization_warmup", "2"),
    ]
    func task(_ heldOut: String, _ data: String) throws -> (task: TokenizerTask, recipe: TokenizerRecipe) {
      let recipe = try TokenizerRecipe.load(nil, overrides: sizes + [("held_out", heldOut)])
      return (try TokenizerTask(recipe, data: data, .twoPass, seed: 5), recipe)
    }
    let (share, recipe) = try task("0.4", folder.path)
    let heldOut = try #require(share.heldOut)
    #expect(1...7 ~= heldOut.data.count && share.sampleCount + heldOut.data.count == 8)
    #expect(share.notes == ["\(heldOut.data.count) of 8 images are held out and not trained on"])
    var loop = TrainingLoop(share, settings: recipe.loop.settings, seed: 5)
    var state = try loop.start()
    for _ in 0..<4 {
      _ = try loop.step(&state)
      let measured = try share.heldOutLosses(state.parameters, seed: 5)
      // What is measured is what a model of these weights gives back, from the step on in which there is a codebook.
      guard state.step >= 2 else { continue }
      try share.writeModel(state.parameters, to: place.file("model"))
      let tokenizer = try ModelFolder.read(place.file("model"), .twoPass).loadTokenizer()
      var psnr = 0.0
      for index in 0..<heldOut.data.count {
        let image = try heldOut.data.images([index], isMirrored: [false])
        let decoded = try tokenizer.decode(tokenizer.encode(image).codes, rows: 4, columns: 4)
        let error = zip(decoded.values, image.values).reduce(0.0) {
          let difference = Double(max(-1, min($1.0, 1)) - $1.1)
          return $0 + difference * difference
        }
        psnr += 10 * log10(4 * Double(image.count) / error) / Double(heldOut.data.count)
      }
      #expect(abs(try #require(measured["psnr"]) - psnr) < 1e-4)
      #expect(try #require(measured["reconstruction"]) > 0 && measured.count == 2)
    }
    let other = try task(folder.path, folder.path).task
    #expect(try other.heldOutLosses(state.parameters, seed: 5).keys.sorted() == ["psnr", "reconstruction"])
    #expect(other.sampleCount == 8 && other.notes.isEmpty)
  }
}
