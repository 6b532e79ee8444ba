import ARPG
import ARPGStarter
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Codes that another program made")
struct CodeImportTests {
  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  /// A model with a tokenizer of 32 codes and images of 2 x 2 of them.
  private func model(classes: [String] = ["ant", "boat", "cat"]) throws -> ModelFolder {
    let golden = try GoldenTokenizer("vq-patch")
    var description = ModelDescription(name: "m", imageSize: 2 * golden.configuration.downsamplingFactor)
    let part = TokenizerPart(VQTokenizer.self, golden.configuration)
    description.tokenizer = part
    description.classNames = classes
    var writer = ModelWriter(description)
    writer.add(part.file, of: golden.checkpoint) { own, _ in own }
    return try writer.write(to: place.file("model"))
  }

  private func importCodes(
    _ text: String, as name: String = "codes.jsonl", lines: Int = 1, classes: [String] = ["ant", "boat", "cat"]
  ) throws -> DataPreparation.CodeReport {
    var preparation = try DataPreparation(model: model(classes: classes), adapters: [])
    return try preparation.importCodes(
      of: place.write(text.utf8, as: name), linesPerImage: lines, to: place.file("data"), .twoPass)
  }

  /// The files of codes by their names in the folder of the data.
  private func files() throws -> [String: [Int]] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: place.file("data/codes"))
    return try Dictionary(
      uniqueKeysWithValues: names.filter { $0.hasSuffix(".npy") }.map {
        ($0, try NPYFile(contentsOf: place.file("data/codes/\($0)")).values)
      })
  }

  @Test("Each line becomes an image of its class, lists of lists its crops")
  func lines() throws {
    let report = try importCodes(
      """
      {"class_id": 2, "tokens": [0, 31, 7, 1]}

      { "tokens" :[[1,2,3,4],[5,6,7,8]],"class_id":0 , "more": {"a": [1, null]}}
      """)
    #expect(report.written == 2 && report.skipped == 0 && report.codes == 12 && report.largestCode == 31)
    #expect(
      try files() == [
        "cat/codes-00000001.npy": [0, 31, 7, 1], "ant/codes-00000003.npy": [1, 2, 3, 4, 5, 6, 7, 8],
      ])
    let data = try TrainingData(place.file("data"), .twoPass)
    #expect(data.count == 2 && data.tokens == 4 && data.classNames == ["ant", "boat", "cat"])
    let samples = try (0..<2).map { try data.sample($0) { $0 - 1 } }
    #expect(samples.map(\.label) == [0, 2] && samples.map(\.augmentations) == [2, 1])
    #expect(samples[0].codes == [5, 6, 7, 8])
    #expect(try data.description?.tokenizerFingerprint() == model().tokenizerFingerprint())
  }

  @Test("Lines in a row are crops of one image, also where one of them is broken")
  func crops() throws {
    let report = try importCodes(
      """
      {"class_id": 1, "tokens": [1, 1, 1, 1]}
      {"class_id": 1, "tokens": [2, 2, 2, 2]}
      {"class_id": 0, "tokens": [3, 3, 3, 3]}
      {"class_id": 0, "tokens": [4, 4, 4]}
      {"class_id": 2, "tokens": [5, 5, 5, 5]}
      {"class_id": 1, "tokens": [6, 6, 6, 6]}
      """, lines: 2)
    #expect(
      try files() == [
        "boat/codes-00000001.npy": [1, 1, 1, 1, 2, 2, 2, 2], "ant/codes-00000003.npy": [3, 3, 3, 3],
        "cat/codes-00000005.npy": [5, 5, 5, 5],
      ])
    #expect(report.written == 3 && report.skipped == 2)
    #expect(report.reasons[1].contains("codes.jsonl:6\tthe class 1; the lines before it"))
  }

  @Test("Names that cannot be folders, or stand twice, leave classes their indices")
  func indices() throws {
    let text = #"{"class_id": 1, "tokens": [1, 1, 1, 1]}"#
    for names in [["crane", "crane"], ["a/b", "c"], ["a", "controls"], [".a", ".b"], ["a", ""]] {
      _ = try importCodes(text, classes: names)
      #expect(try files().keys.sorted() == ["1/codes-00000001.npy"], "\(names)")
      let data = try TrainingData(place.file("data"), .twoPass)
      #expect(try data.sample(0) { _ in 0 }.label == 1)
      try FileManager.default.removeItem(atPath: place.file("data"))
    }
    // Names that are numbers of other classes.
    _ = try importCodes(text, classes: ["1", "0"])
    #expect(try TrainingData(place.file("data"), .twoPass).sample(0) { _ in 0 }.label == 1)
  }

  @Test("A line that is not as it should be is left out, with its number and the reason")
  func brokenLines() throws {
    let broken: [(String, String)] = [
      ("{", "expected an object"), ("[]", "expected an object"), ("null", "expected an object"),
      ("5", "expected an object"), (#"{"tokens": [1, 1, 1, 1]}"#, "class_id is missing"),
      (#"{"class_id": 1}"#, "tokens is missing"),
      (#"{"class_id": 1.5, "tokens": [1, 1, 1, 1]}"#, "of whole numbers"),
      (#"{"class_id": "1", "tokens": [1, 1, 1, 1]}"#, "class_id"), (#"{"class_id": null, "tokens": [1]}"#, "class_id"),
      (#"{"class_id": 3, "tokens": [1, 1, 1, 1]}"#, "the class 3; expected 0 to 2"),
      (#"{"class_id": -1, "tokens": [1, 1, 1, 1]}"#, "the class -1"),
      (#"{"class_id": 1, "tokens": [1, 1, 1]}"#, "3 tokens; expected 4"),
      (#"{"class_id": 1, "tokens": []}"#, "0 crops"), (#"{"class_id": 1, "tokens": [[]]}"#, "0 tokens"),
      (#"{"class_id": 1, "tokens": [1, 1, 1, 32]}"#, "the code 32; expected 0 to 31"),
      (#"{"class_id": 1, "tokens": [1, 1, 1, -1]}"#, "the code -1"),
      (#"{"class_id": 1, "tokens": [1, 1, 1, 1e99]}"#, "of whole numbers"),
      (#"{"class_id": 1, "tokens": [1, 1, 1, 99999999999999999999999]}"#, "of whole numbers"),
      (#"{"class_id": 1, "tokens": [[1, 1, 1, 1], [1, 1]]}"#, "2 tokens"),
      (#"{"class_id": 1, "tokens": [[[1, 1, 1, 1]]]}"#, "tokens"),
      (#"{"class_id": 1, "tokens": [\#(String(repeating: "[1,1,1,1],", count: 64))[1,1,1,1]]}"#, "65 crops"),
      (#"{"class_id": 1, "tokens": \#(String(repeating: "[", count: 30_000))}"#, "expected an object"),
      (String(repeating: #"{"a":"#, count: 10_000), "expected an object"),
      (String(repeating: " ", count: 1 << 20) + "{}", "bytes"),
      (String(repeating: "9", count: 60_000), "expected an object"), ("\u{0}\u{1}", "expected an object"),
      (#"{"class_id": 1, "tokens": "\ud800"}"#, "tokens"),
    ]
    let good = #"{"class_id": 1, "tokens": [1, 1, 1, 1]}"#
    let report = try importCodes(good + "\n" + broken.map(\.0).joined(separator: "\n") + "\n" + good)
    #expect(report.written == 2 && report.skipped == broken.count)
    for (index, reason) in report.reasons.enumerated() {
      #expect(reason.contains("codes.jsonl:\(index + 2)\t") && reason.contains(broken[index].1), "\(reason)")
      #expect(reason.utf8.count < 600 && !reason.contains("\n"), "\(reason)")
    }
  }

  @Test("Reasons are kept for the first lines alone")
  func manyBrokenLines() throws {
    let report = try importCodes(String(repeating: "{}\n", count: 5000))
    #expect(report.skipped == 5000 && report.reasons.count == 1000 && report.written == 0)
  }

  @Test("The same file again passes over what is there; other data is not mixed with it")
  func again() throws {
    let text = #"{"class_id": 1, "tokens": [1, 1, 1, 1]}"#
    #expect(try importCodes(text).written == 1)
    var preparation = try DataPreparation(model: model(), adapters: [])
    let second = try preparation.importCodes(of: place.file("codes.jsonl"), to: place.file("data"), .twoPass)
    #expect(second.present == 1 && second.written == 0)
    var error = #expect(throws: TrainingError.self) { try importCodes(text, lines: 2) }
    #expect(error?.description.contains("--lines-per-image 1, this command 2") == true)
    error = #expect(throws: TrainingError.self) { try importCodes(text + "\n" + text) }
    #expect(error?.description.contains("not the file of this name") == true)
    #expect(try importCodes(text + "\n" + text, as: "more.jsonl").written == 2)
    #expect(try files().count == 3)
    var images = try DataPreparation(model: model(), adapters: [])
    #expect(throws: TrainingError.self) {
      try images.writeDescription(labels: ["ant"], to: place.file("data"), .twoPass)
    }
  }

  @Test("A folder and a missing file are refused, and nothing is written")
  func refusals() throws {
    var preparation = try DataPreparation(model: model(), adapters: [])
    for name in ["nothing.jsonl", "model"] {
      #expect(throws: FileError.self) {
        try preparation.importCodes(of: place.file(name), to: place.file("data"), .twoPass)
      }
    }
    #expect(!FileManager.default.fileExists(atPath: place.file("data")))
  }
}
