import ARPG
import Foundation
import TestSupport
import Testing

@Suite("arpg train")
struct TrainingTests {
  private let place: Workplace
  private let settings = [
    "--set", "vocab=16", "--set", "dim=16", "--set", "layers=2", "--set", "heads=2", "--set", "hidden=32", "--set",
    "batch=2", "--set", "checkpoint_every=5", "--set", "optimizer=muon", "--threads", "1", "--seed", "3",
  ]

  init() throws {
    place = try Workplace()
    try CodeFiles.write(to: place)
  }

  private func train(_ run: String, steps: Int) throws -> ARPGProcess {
    let process = try ARPGProcess(
      ["train", "decoder", "--data", "data", "-o", run, "--steps", "\(steps)"] + settings, in: place.folder)
    #expect(process.status == 0, "\(process.errors)")
    return process
  }

  /// Begins a run, or resumes it, and waits for its next checkpoint.
  private func begin(_ run: String, steps: Int) throws -> Process {
    let process = Process()
    process.executableURL = try ARPGProcess.executable
    process.arguments =
      ["train", "decoder", "--data", "data", "-o", run, "--steps", "\(steps)", "--quiet"] + settings
    process.currentDirectoryURL = place.folder
    let before = checkpoints(run)
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 60)
    while process.isRunning, checkpoints(run) == before, Date() < deadline { usleep(500) }
    return process
  }

  @Test("A run that was killed is resumed to the same bytes")
  func killed() throws {
    let steps = 120
    let whole = try train("whole", steps: steps)
    #expect(whole.lines == ["whole/model"])
    #expect(whole.errors.contains("samples/s"))

    for _ in 0..<3 {
      let process = try begin("killed", steps: steps)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal, "it ended before it was killed")
    }
    let last = try train("killed", steps: steps)
    #expect(last.errors.contains("resuming from step"))
    for file in ["checkpoint-00000120.safetensors", "model/decoder.safetensors"] {
      let expected = try Data(contentsOf: URL(fileURLWithPath: place.path("whole/\(file)")))
      #expect(try Data(contentsOf: URL(fileURLWithPath: place.path("killed/\(file)"))) == expected, "\(file)")
    }
    #expect(try losses("killed") == losses("whole"))
  }

  private func checkpoints(_ run: String) -> Set<String> {
    let names = try? FileManager.default.contentsOfDirectory(atPath: place.path(run))
    return Set((names ?? []).filter { $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors") })
  }

  private func losses(_ run: String) throws -> [Double] {
    try String(contentsOfFile: place.path("\(run)/log.jsonl"), encoding: .utf8).split(separator: "\n").map { line in
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(record?["loss"] as? Double)
    }
  }

  @Test("Ctrl-C ends a run behind its step, with a checkpoint and a model")
  func interruption() throws {
    let process = try begin("run", steps: 100_000)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    _ = try ModelFolder.read(place.path("run/model"), .twoPass)
    let last = try #require(checkpoints("run").max())
    let lines = try String(contentsOfFile: place.path("run/log.jsonl"), encoding: .utf8).split(separator: "\n")
    let record = try JSONSerialization.jsonObject(with: Data((lines.last ?? "").utf8)) as? [String: Any]
    let step = try #require(record?["step"] as? Int)
    #expect(last.hasSuffix("\(step).safetensors"))
  }

  @Test("Two commands cannot train in one folder")
  func lock() throws {
    let process = try begin("run", steps: 100_000)
    let second = try ARPGProcess(
      ["train", "decoder", "--data", "data", "-o", "run", "--steps", "100000"] + settings, in: place.folder, seconds: 20
    )
    #expect(second.status == 1 && second.errors.contains("another process trains in this folder"))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    // The lock went with the process.
    _ = try train("run", steps: Int(try #require(checkpoints("run").max()).filter(\.isNumber)) ?? 0)
  }

  @Test("A dry run tells parameters, memory and time, and writes nothing")
  func dryRun() throws {
    let before = try place.files()
    let process = try ARPGProcess(
      ["train", "decoder", "--data", "data", "-o", "run", "--dry-run", "--json"] + settings, in: place.folder)
    let told = try process.json()
    #expect(told["parameters"] as? Int ?? 0 > 1000)
    #expect(told["seconds_per_step"] as? Double ?? 0 > 0 && told["bytes"] as? Int ?? 0 > 1 << 20)
    #expect(try place.files() == before)
  }

  @Test("Losses on held-out data are told and logged")
  func heldOut() throws {
    let process = try ARPGProcess(
      [
        "train", "decoder", "--data", "data", "-o", "run", "--steps", "4", "--held-out", "data", "--set",
        "evaluate_every=2",
      ]
        + settings, in: place.folder)
    #expect(process.status == 0)
    for step in [2, 4] { #expect(process.errors.contains("step \(step)/4  held out: none ")) }
    let log = try String(contentsOfFile: place.path("run/log.jsonl"), encoding: .utf8)
    #expect(log.split(separator: "\n").count { $0.contains("\"held_out.none\":") } == 2)
    for (value, words) in [
      ("nowhere", "'nowhere', which is no folder"), ("0", "above 0"), ("0.6", "up to 0.5"), ("-1", "above 0"),
      ("1e-9", "holds out 0 of the 10 samples of data"), ("run/log.jsonl", "which is no folder"),
    ] {
      try place.refuse(
        "train", "decoder", "--data", "data", "-o", "other", "--set", "vocab=16", "--held-out=\(value)",
        saying: "held_out", words)
    }
  }

  @Test("A share that is held out is told, logged and drawn, and another one is not resumed with unnoticed")
  func heldOutShare() throws {
    func train(_ share: String, steps: Int, _ more: String...) throws -> ARPGProcess {
      try ARPGProcess(
        ["train", "decoder", "--data", "data", "-o", "run", "--steps", "\(steps)", "--held-out", share] + more
          + ["--set", "evaluate_every=2"] + settings, in: place.folder)
    }
    let first = try train("0.3", steps: 2)
    #expect(first.status == 0 && first.errors.contains("of 10 images are held out and not trained on"))
    #expect(first.errors.contains("step 2/2  held out: none "))
    #expect(try String(contentsOfFile: place.path("run/loss.svg"), encoding: .utf8).contains("held out: none"))
    #expect(try train("0.3", steps: 4).status == 0)
    let refused = try train("0.5", steps: 6)
    #expect(refused.status == 1 && refused.errors.contains("another share held out"))
    let accepted = try train("0.5", steps: 6, "--accept-new-data")
    #expect(accepted.status == 0 && accepted.errors.contains("the setting held_out 0.3 is now 0.5"))
    let log = try String(contentsOfFile: place.path("run/log.jsonl"), encoding: .utf8)
    #expect(log.contains("held_out 0.3 is now 0.5"))
    #expect(log.split(separator: "\n").count { $0.contains("\"held_out.none\":") } == 3)
  }

  @Test("A tokenizer is measured on images that are held out, a share or a folder")
  func heldOutImages() throws {
    try place.run("data", "scenes", "-o", "scenes", "--count", "12", "--size", "16")
    for heldOut in ["0.3", "scenes"] {
      let process = try ARPGProcess(
        [
          "train", "tokenizer", "--data", "scenes", "-o", "vq-\(heldOut)", "--steps", "4", "--held-out", heldOut,
          "--set", "evaluate_every=2", "--set", "channels=8", "--set", "multipliers=[1,1]", "--set", "latent=8",
          "--set", "codebook=16", "--set", "code_dim=4", "--set", "groups=4", "--set", "image_size=16", "--set",
          "batch=2", "--set", "quantization_warmup=2",
        ], in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
      #expect(process.errors.contains("of 12 images are held out") == (heldOut == "0.3"))
      #expect(process.errors.contains("step 4/4  held out: psnr "))
      let log = try String(contentsOfFile: place.path("vq-\(heldOut)/log.jsonl"), encoding: .utf8)
      #expect(log.split(separator: "\n").count { $0.contains("\"held_out.reconstruction\":") } == 2)
      let curve = try String(contentsOfFile: place.path("vq-\(heldOut)/loss.svg"), encoding: .utf8)
      #expect(curve.contains("held out: reconstruction") && !curve.contains("psnr"))
    }
    try place.refuse(
      "train", "tokenizer", "--data", "scenes", "-o", "other", "--held-out", "nothing", saying: "held_out", "nothing")
  }

  @Test("A tokenizer is trained on from a checkpoint as it is published, and from the model that this gives")
  func continuedTokenizer() throws {
    try place.run("data", "scenes", "-o", "scenes", "--count", "6", "--size", "16")
    let published = Fixtures.path("vq-published/tokenizer.pt")
    let still = ["--set", "learning_rate=0", "--set", "muon_learning_rate=0", "--set", "batch=2", "--steps", "1"]
    func train(_ run: String, from path: String, _ more: String...) throws {
      let process = try ARPGProcess(
        ["train", "tokenizer", "--data", "scenes", "-o", run, "--from", path, "--set", "groups=4"] + still + more,
        in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
    }
    try train("first", from: published, "--set", "image_size=16")
    // The size of the images is the model's.
    try train("second", from: "first/model")
    let source = try Checkpoint.open(published)
    for run in ["first", "second"] {
      let folder = try ModelFolder.read(place.path("\(run)/model"), .twoPass)
      #expect(folder.description.imageSize == 16)
      let written = try Checkpoint.open(folder.path(of: "tokenizer.safetensors"))
      #expect(written.names == source.names.filter { $0 != "quantize.codebook_used" })
      for name in written.names {
        let (old, new) = (try source.tensor(named: name), try written.tensor(named: name))
        guard name == "quantize.embedding.weight" else {
          #expect(old.values == new.values, "\(name)")
          continue
        }
        // The codebook follows the latents, slowly.
        #expect(new.normalizedRows().largestDifference(from: old.normalizedRows()) < 0.1)
      }
    }
    try place.refuse(
      "train", "tokenizer", "--data", "scenes", "-o", "third", "--from", published, "--set", "groups=4", "--set",
      "codebook=128", "--set", "latent=16", saying: "codebook 64, not 128", "latent 8, not 16")
    try place.refuse(
      "train", "tokenizer", "--data", "scenes", "-o", "third", "--from", "nothing.pt", saying: "nothing.pt")
    try place.refuse(
      "train", "tokenizer", "--data", "scenes", "-o", "first", "--from", "second/model", "--steps", "1",
      saying: "continue_tokenizer")
  }

  @Test("What cannot be trained is refused in a line")
  func refusals() throws {
    try place.refuse("train", "decoder", "--data", "nothing", "-o", "run", saying: "nothing", "no training data")
    try place.refuse("train", "decoder", "--data", "data", "-o", "run", saying: "vocab")
    try place.refuse(
      "train", "decoder", "--data", "data", "-o", "run", "--set", "vocab=8", "--dry-run", saying: "the code", "0 to 7")
    try place.refuse(
      "train", "decoder", "--data", "data", "-o", "run", "--set", "heads=5", "--set", "vocab=16", saying: "heads")
    try place.refuse("train", "adapter", "--data", "data", "-o", "run", saying: "adapters")
    try place.refuse(
      "train", "adapter", "--data", "data", "-o", "run", "--set", "adapters=cany", saying: "canny")
  }
}
