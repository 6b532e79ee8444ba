import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

/// What earlier versions wrote is still read: folders, runs, data, images and traces, each under `Fixtures/vVERSION`.
@Suite("Files of earlier versions")
struct FormerVersionTests {
  private let place: Workplace
  private let decoder = ["dim=16", "layers=2", "heads=2", "hidden=32", "batch=2", "checkpoint_every=2"]
  private let tokenizer = [
    "image_size=32", "channels=4", "multipliers=[1,1,1,1]", "blocks=1", "codebook=16", "latent=4", "code_dim=4",
    "free_steps=1", "batch=4", "groups=2", "patch=2",
  ]

  init() throws {
    place = try Workplace()
    for name in ["data", "dec", "tok", "scenes"] {
      try FileManager.default.copyItem(atPath: Fixtures.path("v0.1.0/\(name)"), toPath: place.path(name))
    }
  }

  private func resume(_ arguments: [String], _ settings: [String]) throws -> ARPGProcess {
    try ARPGProcess(
      ["train"] + arguments + settings.flatMap { ["--set", $0] } + ["--threads", "1", "--steps", "4"], in: place.folder)
  }

  @Test("Runs are resumed, on data as it was prepared")
  func runs() throws {
    let process = try resume(["decoder", "--data", "data", "-o", "dec"], decoder)
    #expect(process.status == 0 && process.errors.contains("resuming from step 2"), "\(process.errors)")
    let other = try resume(["tokenizer", "--data", "scenes", "-o", "tok"], tokenizer)
    #expect(other.status == 0 && other.errors.contains("resuming from step 2"), "\(other.errors)")
    #expect(other.errors.contains("free_steps is now called"))
  }

  @Test("Models sample the codes that they sampled then; images tell their settings")
  func models() throws {
    for path in [Fixtures.path("v0.1.0/old.png"), Fixtures.path("v0.1.0/old.jpg")] {
      try place.run(
        "sample", "--model", "dec/model", "--class", "mug", "--like", path, "-o", "new.png", "--trace",
        "new.safetensors")
      let old = try Checkpoint.open(Fixtures.path("v0.1.0/old.safetensors")), new = try place.trace("new.safetensors")
      for name in ["order", "codes", "step_sizes"] {
        #expect(try new.integers(named: name) == old.integers(named: name), "\(name)")
      }
      #expect(try place.run("info", path).output.contains("\"seed\" : 5"))
    }
    let apart = zip(try ImageFile.read(Fixtures.path("v0.1.0/old.png")).pixels, try place.image("new.png").pixels)
    #expect(apart.allSatisfy { abs(Int($0.0) - Int($0.1)) <= 1 })
    try place.run("decode", "data/codes/mug/00000000.npy", "-o", "mug.png", "--model", "dec/model")
    for file in ["dec/model", "dec/checkpoint-00000002.safetensors", "tok/checkpoint-00000002.safetensors"] {
      try place.run("info", file)
    }
  }

  @Test("Every file of the fixtures that is not meant to be refused is read")
  func fixtures() throws {
    let root = Fixtures.folder
    let names = try #require(FileManager.default.enumerator(atPath: root.path)).compactMap { $0 as? String }
    var read = 0
    for name in names
    where !name.split(separator: "/").contains("bad") && !name.contains("/wild") && !name.contains("animation") {
      let path = root.appendingPathComponent(name).path
      switch URL(fileURLWithPath: name).pathExtension {
      case "png", "jpg", "webp", "tif", "tiff": _ = try ImageFile.read(path)
      case "pt", "safetensors":
        let checkpoint = try Checkpoint.open(path)
        for name in checkpoint.names where (try? checkpoint.integers(named: name)) == nil {
          _ = try checkpoint.tensor(named: name)
        }
      default: continue
      }
      read += 1
    }
    #expect(read > 100)
  }
}
