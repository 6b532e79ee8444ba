import ARPG
import ARPGStarter
import Foundation
import TestSupport
import Testing

@Suite("arpg eval control --data")
struct EvalTests {
  private let place: Workplace

  /// Eight scenes with and without a class as the data `d`.
  init() throws {
    place = try Workplace()
    try place.run("data", "scenes", "-o", "s", "--count", "8", "--kinds", "classes,shapes", "--seed", "5", "--quiet")
    try place.run("data", "prepare", "s", "-o", "d", "--adapters", "canny,depth", "--quiet")
  }

  /// The mean of a score in each row, by the names of the rows.
  private func means(_ run: ARPGProcess, of score: String, _ adapter: String = "canny") throws -> [String: Double] {
    let rows = try #require(try run.json()["rows"] as? [[String: Any]])
    var means: [String: Double] = [:]
    for row in rows {
      let scores = try #require(row["scores"] as? [String: [String: Double]])
      means[try #require(row["name"] as? String)] = try #require(scores[adapter]?[score])
    }
    return means
  }

  @Test("Canny's edges are followed better than without, and at most as well as the tokenizer could")
  func json() throws {
    let run = try place.run(
      "eval", "control", "--data", "d", "--control", "canny", "--count", "4", "--json", "--steps", "16")
    let near = try means(run, of: "f1-near"), exact = try means(run, of: "f1")
    #expect(Set(near.keys) == ["reconstruction", "no control", "canny"] && Set(exact.keys) == Set(near.keys))
    let canny = try #require(near["canny"]), none = try #require(near["no control"])
    #expect(canny > none + 0.2 && canny < near["reconstruction"] ?? 0 && canny > 0.6 && none > 0)
    #expect(exact.allSatisfy { name, value in 0...(near[name] ?? 0) ~= value })
    let told = try run.json()
    #expect(told["count"] as? Int == 4 && told["data"] as? String == "d" && told["with_class"] as? Bool == true)
    let scores = try #require(told["scores"] as? [[String: Any]])
    #expect(scores.map { $0["name"] as? String } == ["f1", "f1-near"])
    #expect(scores.allSatisfy { $0["higher_is_better"] as? Bool == true && $0["adapter"] as? String == "canny" })
    #expect(run.errors.isEmpty)
  }

  @Test("A table with all controls together, and a sheet")
  func table() throws {
    let run = try place.run(
      "eval", "control", "--data", "d", "--control", "canny,depth", "--count", "2", "--steps", "8", "--without-class",
      "--sheet", "sheet.png")
    let names = ["reconstruction", "no control", "canny", "depth", "all"]
    #expect(run.lines[0].hasSuffix("canny f1 ↑  canny f1-near ↑"))
    #expect(zip(names, run.lines.dropFirst()).allSatisfy { $1.hasPrefix($0 + "  ") })
    let widths = Set(run.lines.prefix(6).map(\.count))
    #expect(widths.count == 1, "\(run.output)")
    #expect(run.lines.count == 8 && run.lines[6].hasPrefix("canny f1 ↑  F1 of"))
    #expect(run.errors.contains("depth: how well an image follows it cannot be told"))
    let sheet = try place.image("sheet.png")
    #expect(2 * 256..<4 * 256 ~= sheet.width && 7 * 256..<8 * 256 ~= sheet.height)
  }

  @Test("An adapter of a file, under another name, follows what is stored for its kind")
  func adapterFile() throws {
    try place.run("adapters", "export", "canny", "-o", "soft.safetensors")
    let arguments = ["eval", "control", "--data", "d", "--count", "2", "--steps", "8", "--json", "--control"]
    let own = try ARPGProcess(arguments + ["canny"], in: place.folder)
    let other = try ARPGProcess(arguments + ["soft", "--adapter", "soft=soft.safetensors"], in: place.folder)
    #expect(other.status == 0, "\(other.errors)")
    let (expected, found) = (try means(own, of: "f1"), try means(other, of: "f1", "soft"))
    #expect(found["soft"] == expected["canny"] && found["reconstruction"] == expected["reconstruction"])
  }

  @Test("Images that training does not see with a share held out are measured alone")
  func heldOut() throws {
    let run = try place.run(
      "eval", "control", "--data", "d", "--control", "canny", "--held-out", "0.5", "--seed", "1", "--steps", "4",
      "--json")
    let told = try run.json(), count = try #require(told["count"] as? Int)
    #expect(1...7 ~= count && (told["notes"] as? [String])?.first?.contains("\(count) such images") == true)
    let train = try ARPGProcess(
      [
        "train", "adapter", "--data", "d", "-o", "run", "--held-out", "0.5", "--seed", "1", "--dry-run", "--set",
        "adapters=canny", "--set", "batch=1",
      ], in: place.folder)
    #expect(train.errors.contains("\(count) of 8 images are held out"), "\(train.errors)")
  }

  @Test("What cannot be measured is refused in a line, before a model is loaded or images are made")
  func refusals() throws {
    func refuse(_ arguments: String..., saying first: String, _ second: String) throws {
      let before = try place.files(), process = try ARPGProcess(["eval", "control"] + arguments, in: place.folder)
      let lines = process.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
      #expect((1...64).contains(process.status) && lines.count == 1, "\(arguments): \(process.errors)")
      #expect(lines.first?.contains(first) == true && lines.first?.contains(second) == true, "\(process.errors)")
      #expect(try process.output.isEmpty && place.files() == before)
    }
    let data = ["--data", "d", "--control", "canny"]
    try refuse("--data", "nowhere", "--control", "canny", saying: "nowhere", "no training data")
    try refuse("--data", "s", "--control", "canny", saying: "s: there is no training data", "codes")
    try refuse("--data", "d", "--control", "cany", saying: "there is no adapter 'cany'", "canny")
    try refuse("--data", "d", "--control", "class", saying: "d: it holds no controls of 'class'", "canny, depth")
    try refuse("--data", "d", "--control", "depth", saying: "depth", "cannot be told")
    try refuse("--data", "d", "--control", "canny,canny", saying: "--control", "twice")
    try refuse("--data", "d", "--control", "canny,", saying: "there is no adapter ''", "canny")
    try refuse("--data", "d", saying: "--data", "--control NAME")
    try refuse("--control", "canny", saying: "--control", "--data DIR")
    try refuse("--held-out", "0.5", saying: "--held-out", "--data DIR")
    for option in [
      ["--evaluator", "e"], ["--edges", "canny"], ["--depth", "depth"], ["--kinds", "shapes"], ["--rows", "edges"],
    ] {
      let process = try ARPGProcess(["eval", "control"] + data + option, in: place.folder)
      #expect(process.status != 0 && process.errors.contains("\(option[0]) is for rendered scenes"))
    }
    try refuse("--data", "d", "--control", "canny", "--held-out", "0.7", saying: "--held-out is 0.7", "0.5")
    try refuse("--data", "d", "--control", "canny", "--held-out", "1e-9", saying: "held_out is 1e-09", "0 of the 8")
    try refuse("--data", "d", "--control", "canny", "--class", "clas", saying: "'clas'", "did you mean 'class'?")
    try refuse("--data", "d", "--control", "canny", "--sheet", "nowhere/s.png", saying: "nowhere", "folder")
  }

  @Test("Codes of another tokenizer, of no code of the model, and lost controls are refused")
  func brokenData() throws {
    let evaluation = ["eval", "control", "--data", "d", "--control", "canny", "--count", "8", "--steps", "4"]
    func refused(saying words: String...) throws {
      let process = try ARPGProcess(evaluation, in: place.folder)
      #expect(process.status == 1 && process.output.isEmpty)
      for word in words { #expect(process.errors.contains(word), "\(process.errors)") }
    }
    let tokenizer = URL(fileURLWithPath: place.path("d/tokenizer.safetensors")), whole = try Data(contentsOf: tokenizer)
    var bytes = whole
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: tokenizer)
    try refused(saying: "d: codes of another tokenizer", "prepare the data with")
    try whole.write(to: tokenizer)
    let control = try #require(
      FileManager.default.subpathsOfDirectory(atPath: place.path("d/controls/canny")).filter { $0.hasSuffix(".png") }
        .sorted().first)
    try FileManager.default.removeItem(atPath: place.path("d/controls/canny/\(control)"))
    try refused(saying: "d/controls/canny/\(control)")
    let code = "d/codes/\(control.dropLast(4)).npy"
    try NPYFile(shape: [1, 1, 256], values: Array(repeating: 4096, count: 256)).write(to: place.path(code))
    try refused(saying: code, "the code 4096; expected 0 to 4095")
  }
}
