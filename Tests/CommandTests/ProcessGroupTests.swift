#if ARPG_MPI
  import ARPG
  import ARPGTensor
  import Foundation
  import TestSupport
  import Testing

  @Suite("mpirun arpg")
  struct ProcessGroupTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func run(_ processes: Int, _ arguments: [String]) throws -> ARPGProcess {
      try ARPGProcess.group(of: processes, arguments, in: place.folder)
    }

    @Test("Two processes sample the images that one samples")
    func sampling() throws {
      let arguments = ["sample", "--class", "mug,house", "--count", "3", "--steps", "4", "--threads", "1"]
      try place.run("sample", "--class", "mug,house", "--count", "3", "--steps", "4", "-o", "one.png")
      let shared = try run(2, arguments + ["-o", "two.png"])
      #expect(shared.status == 0, "\(shared.errors)")
      #expect(shared.lines == ["two.png"] + (1...6).map { "two-\($0).png" })
      for suffix in [""] + (1...6).map({ "-\($0)" }) {
        #expect(try place.image("two\(suffix).png") == place.image("one\(suffix).png"), "image \(suffix)")
      }
    }

    @Test("Two processes train as one does with all of the batch", arguments: ["decoder", "tokenizer"])
    func training(kind: String) throws {
      let arguments: [String]
      if kind == "decoder" {
        try CodeFiles.write(to: place)
        arguments = [
          "train", "decoder", "--data", "data", "--set", "vocab=16", "--set", "dim=16", "--set", "layers=2", "--set",
          "heads=2", "--set", "hidden=32", "--set", "batch=6", "--set", "accumulation=2",
        ]
      } else {
        try place.run("data", "scenes", "-o", "scenes", "--count", "12", "--size", "32")
        arguments = [
          "train", "tokenizer", "--data", "scenes", "--set", "image_size=32", "--set", "channels=8", "--set",
          "multipliers=[1,2]", "--set", "codebook=16", "--set", "quantization_warmup=2", "--set", "batch=4", "--set",
          "groups=2",
        ]
      }
      let rest = ["--set", "checkpoint_every=3", "--steps", "6", "--seed", "3", "--quiet"]
      let one = try ARPGProcess(arguments + ["-o", "one"] + rest, in: place.folder)
      #expect(one.status == 0, "\(one.errors)")
      // Stopped half way and resumed, so that every process must find the checkpoint of the first.
      for steps in ["3", "6"] {
        let half = try run(2, arguments + ["-o", "two"] + rest + ["--steps", steps])
        #expect(half.status == 0 && half.lines == ["two/model"], "\(half.errors)")
      }
      let file = "model/\(kind).safetensors"
      let expected = try Checkpoint.open(place.path("one/\(file)"))
      let found = try Checkpoint.open(place.path("two/\(file)"))
      #expect(found.names == expected.names)
      for name in expected.names {
        let differences = zip(try found.tensor(named: name).values, try expected.tensor(named: name).values)
        let largest = differences.reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(largest < 2e-3, "\(name) differs by \(largest)")
      }
      let lines = try String(contentsOfFile: place.path("two/log.jsonl"), encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 2)
    }

    @Test("What one process cannot do ends all of them")
    func failure() throws {
      let broken = try run(2, ["train", "decoder", "--data", "nowhere", "-o", "run"])
      #expect(broken.status != 0 && broken.errors.contains("nowhere"))
      let alone = try run(2, ["info"])
      #expect(alone.status != 0 && alone.errors.contains("info runs as one process"))
      let small = try run(
        2, ["sample", "--class", "mug", "--trace", "t.safetensors", "-o", "x.png"])
      #expect(small.status != 0 && small.errors.contains("single process"))
    }
  }
#endif
