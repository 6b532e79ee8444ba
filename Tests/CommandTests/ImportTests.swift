import ARPG
import ARPGStarter
import Foundation
import TestSupport
import Testing

@Suite("arpg data import")
struct ImportTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// A line of codes of the bundled model.
  private func line(_ label: Int, _ first: Int) -> String {
    "{\"class_id\": \(label), \"tokens\": [\((0..<256).map { String((first + 7 * $0) % 4096) }.joined(separator: ", "))]}\n"
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: place.path(name)))
  }

  @Test("A decoder trains on imported codes, which keep class and tokenizer, a share of the images held out")
  func training() throws {
    // Twelve images of three classes, ten crops each, and a line that is none.
    let lines = (0..<120).map { line($0 / 10 % 3, $0) }
    try write(lines.prefix(50).joined() + "nonsense\n" + lines.dropFirst(51).joined(), to: "pretokenized.jsonl")
    let run = try place.run("data", "import", "pretokenized.jsonl", "-o", "data", "--lines-per-image", "10", "--json")
    let told = try run.json()
    #expect(told["images"] as? Int == 12 && told["written"] as? Int == 12 && told["skipped"] as? Int == 1)
    #expect((told["notes"] as? [String])?.first?.contains("1 lines were left out") == true)
    let skipped = try String(contentsOfFile: place.path("data/skipped.txt"), encoding: .utf8)
    #expect(skipped.hasPrefix("pretokenized.jsonl:51\t"))
    let starter = try ModelFolder.read(Starter.path(), .twoPass),
      data = try ModelFolder.read(place.path("data"), .twoPass)
    #expect(try data.tokenizerFingerprint() == starter.tokenizerFingerprint())
    let name = starter.description.classNames[2]
    let codes = try NPYFile(contentsOf: place.path("data/codes/\(name)/pretokenized-00000021.npy"))
    #expect(codes.shape == [1, 10, 256] && codes.values.prefix(2) == [20, 27])

    let again = try place.run(
      "data", "import", "pretokenized.jsonl", "-o", "data", "--lines-per-image", "10", "--json")
    #expect(try again.json()["written"] as? Int == 0)
    let training = try ARPGProcess(
      [
        "train", "decoder", "--data", "data", "-o", "run", "--steps", "2", "--held-out", "0.3", "--set", "dim=16",
        "--set", "layers=2", "--set", "heads=2", "--set", "hidden=32", "--set", "batch=2", "--set", "sample_every=0",
      ], in: place.folder)
    #expect(training.status == 0, "\(training.errors)")
    #expect(training.errors.contains("of 12 images are held out") && training.errors.contains("held out: none"))
    let model = try ModelFolder.read(place.path("run/model"), .twoPass)
    #expect(model.description.classNames == starter.description.classNames)
    #expect(try model.tokenizerFingerprint() == starter.tokenizerFingerprint())
    try place.run("sample", "--model", "run/model", "--class", name, "--steps", "2", "-o", "o.png")
    #expect(try place.image("o.png").width == 256)
  }

  @Test("A line of a gigabyte and one that is deeply nested are passed over")
  func hostileLines() throws {
    try write(line(1, 5), to: "big.jsonl")
    let handle = try #require(FileHandle(forWritingAtPath: place.path("big.jsonl")))
    try handle.truncate(atOffset: 1 << 30)
    try handle.seekToEnd()
    try handle.write(
      contentsOf: Data(
        ("\n{\"class_id\": 1, \"tokens\": \(String(repeating: "[", count: 200_000))\n" + line(2, 9)).utf8))
    try handle.close()
    let run = try ARPGProcess(["data", "import", "big.jsonl", "-o", "data", "--json"], in: place.folder, seconds: 60)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json()["images"] as? Int == 2 && run.json()["skipped"] as? Int == 2)
    let skipped = try String(contentsOfFile: place.path("data/skipped.txt"), encoding: .utf8)
    #expect(skipped.hasPrefix("big.jsonl:2\tit has more than") && skipped.utf8.count < 1000)
  }

  @Test("Codes that look like another tokenizer's are told, files without codes and other settings refused")
  func refusals() throws {
    try write(String(repeating: line(0, 2000), count: 20), to: "high.jsonl")
    let low = "{\"class_id\": 0, \"tokens\": [\((0..<256).map { String($0 * 3) }.joined(separator: ","))]}\n"
    try write(String(repeating: low, count: 20), to: "low.jsonl")
    #expect(try !place.run("data", "import", "high.jsonl", "-o", "high").errors.contains("largest code"))
    #expect(
      try place.run("data", "import", "low.jsonl", "-o", "low", "--model", Starter.path()).errors.contains(
        "the largest code is 765"))
    try place.refuse("data", "import", "none.jsonl", "-o", "data", saying: "none.jsonl")
    try place.refuse("data", "import", "low.jsonl", "-o", "data", "--lines-per-image", "0", saying: "--lines-per-image")
    try place.refuse(
      "data", "import", "low.jsonl", "-o", "low", "--lines-per-image", "2", saying: "low", "--lines-per-image 1")
    try write("{\"class_id\": 16, \"tokens\": []}\n", to: "bad.jsonl")
    let bad = try ARPGProcess(["data", "import", "bad.jsonl", "-o", "bad"], in: place.folder)
    #expect(bad.status == 1 && bad.errors.contains("bad.jsonl:1: the class 16; expected 0 to 15"))
    #expect(try place.run("data", "import", "--help").output.contains("MaskGIT"))
  }
}
