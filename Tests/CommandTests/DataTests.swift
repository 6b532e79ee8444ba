import ARPG
import ARPGImageFiles
import ARPGScenes
import Foundation
import TestSupport
import Testing

@Suite("arpg data scenes")
struct DataTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// The paths of all files under a folder.
  private func contents(of folder: String) throws -> Set<String> {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: place.path(folder))
    return Set(paths.filter { $0.contains(".") })
  }

  private func description(_ folder: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: place.path("\(folder)/scenes.json")))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("A folder holds each scene's image and depth by class, and what they were rendered with")
  func files() throws {
    let run = try place.run("data", "scenes", "-o", "d", "--count", "17", "--size", "16", "--seed", "3")
    #expect(run.lines == ["d"])
    let scenes = SceneDataset(seed: 3, size: 16)
    var expected: Set = ["scenes.json"]
    for number in 0..<17 {
      let scene = scenes.scene(number)
      let name = "\(try #require(scene.sceneClass).rawValue)/000000\(number < 10 ? "0" : "")\(number).png"
      expected.formUnion(["images/\(name)", "depth/\(name)", "parts/\(name)"])
      #expect(try place.image("d/images/\(name)") == scene.image)
      #expect(try place.image("d/depth/\(name)").deepGrey == scene.depthImage.deepGrey)
      #expect(try place.image("d/parts/\(name)") == scene.partsImage)
    }
    #expect(try contents(of: "d") == expected)
    let description = try description("d")
    #expect(description["seed"] as? Int == 3 && description["size"] as? Int == 16)
    #expect(description["first"] as? Int == 0 && description["count"] as? Int == 17)
    #expect(description["version"] as? Int == SceneDataset.version)
    #expect(description["classes"] as? [String] == SceneClass.allCases.map(\.rawValue))
  }

  @Test("Called again it draws what is missing or damaged, and nothing else")
  func resuming() throws {
    let arguments = ["data", "scenes", "-o", "d", "--count", "16", "--size", "16", "--json"]
    func drawn() throws -> Int? {
      let run = try ARPGProcess(arguments, in: place.folder)
      return try run.json()["drawn"] as? Int
    }
    #expect(try drawn() == 16)
    #expect(try drawn() == 0)
    let cut = URL(fileURLWithPath: place.path("d/images/mug/00000000.png"))
    let whole = try Data(contentsOf: cut)
    try whole.prefix(whole.count / 2).write(to: cut)
    try FileManager.default.removeItem(atPath: place.path("d/depth/ball/00000015.png"))
    #expect(try drawn() == 2)
    #expect(try Data(contentsOf: cut) == whole)
  }

  @Test("Scenes in parts are the scenes at once, with any number of threads")
  func parts() throws {
    try place.run("data", "scenes", "-o", "a", "--count", "12", "--size", "16", "--threads", "1")
    try place.run("data", "scenes", "-o", "b", "--first", "8", "--count", "4", "--size", "16", "--threads", "3")
    #expect(try description("b")["first"] as? Int == 8)
    try place.run("data", "scenes", "-o", "b", "--count", "8", "--size", "16", "--threads", "2")
    let files = try contents(of: "a")
    #expect(try contents(of: "b") == files && files.count == 37)
    for file in files {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: place.path("a/\(file)")))
          == Data(contentsOf: URL(fileURLWithPath: place.path("b/\(file)"))), "\(file)")
    }
  }

  @Test("Scenes of any shapes stand beside those of classes, and have no class")
  func kinds() throws {
    try place.run(
      "data", "scenes", "-o", "d", "--count", "24", "--size", "16", "--seed", "3", "--kinds", "classes=1,shapes=3",
      "--cameras", "wide")
    let scenes = SceneDataset(
      seed: 3, size: 16, kinds: try SceneMixture([.classes: 1, .shapes: 3]), cameras: .wide)
    var expected: Set = ["scenes.json"], unlabelled = 0
    for number in 0..<24 {
      let folder = scenes.sceneClass(of: number).map { "\($0.rawValue)/" } ?? ""
      unlabelled += folder.isEmpty ? 1 : 0
      let name = "\(folder)000000\(number < 10 ? "0" : "")\(number).png"
      expected.formUnion(["images/\(name)", "depth/\(name)", "parts/\(name)"])
      #expect(try place.image("d/images/\(name)") == scenes.scene(number).image)
    }
    #expect(try contents(of: "d") == expected)
    #expect(8...23 ~= unlabelled)
    let description = try description("d")
    #expect(description["kinds"] as? [String: Double] == ["classes": 0.25, "shapes": 0.75])
    #expect(description["cameras"] as? String == "wide")

    for (kinds, words) in [
      ("", "no kind ''"), ("shape", "did you mean shapes"), ("classes=0", "give one at least"),
      ("classes=-1,shapes", "-1"), ("classes=nan", "nan"), ("classes=x", "'x' is no number"),
      ("classes,classes", "twice"), ("classes=1=2", "no number"),
    ] {
      try place.refuse("data", "scenes", "-o", "e", "--count", "1", "--kinds", kinds, saying: "--kinds", words)
    }
    try place.refuse("data", "scenes", "-o", "d", "--count", "24", "--size", "16", "--seed", "3", saying: "--kinds")
  }

  @Test("Scenes become data: codes, controls and outlines, with and without a class, and a sheet of what training sees")
  func preparation() throws {
    try place.run(
      "data", "scenes", "-o", "s", "--count", "8", "--size", "256", "--kinds", "classes,shapes", "--seed", "4")
    try place.run("data", "prepare", "s", "-o", "d", "--adapters", "canny,depth", "--crops", "flip")
    let scenes = SceneDataset(seed: 4, size: 256, kinds: try SceneMixture([.classes: 1, .shapes: 1]))
    for number in 0..<8 {
      let name = (scenes.sceneClass(of: number).map { "\($0.rawValue)/" } ?? "") + "0000000\(number)"
      #expect(try NPYFile(contentsOf: place.path("d/codes/\(name).npy")).shape == [1, 2, 256])
      for folder in ["canny", "canny.outlines", "depth"] {
        #expect(try place.image("d/controls/\(folder)/\(name).1.png").width == 256)
      }
      #expect(try place.image("d/controls/canny.outlines/\(name).0.png").greyValues.contains { $0 > 0 })
    }
    try place.run("data", "show", "d", "--adapters", "canny,depth", "-o", "sheet.png", "--count", "4", "--changes", "2")
    let sheet = try place.image("sheet.png")
    #expect(sheet.width > 4 * 256 && sheet.height > 7 * 256)
    try place.refuse("data", "show", "s", "-o", "t.png", saying: "s: there is no training data")
    try place.refuse("data", "show", "d", "-o", "t.png", "--count", "0", saying: "--count", "1 to")
  }

  @Test("A folder of other settings, a gap, a foreign folder and a broken description are refused")
  func refusals() throws {
    try place.run("data", "scenes", "-o", "d", "--count", "2", "--size", "16")
    try place.refuse(
      "data", "scenes", "-o", "d", "--count", "2", "--size", "16", "--seed", "1", saying: "d:", "--seed 0")
    try place.refuse("data", "scenes", "-o", "d", "--count", "2", "--size", "24", saying: "d:", "--size 16")
    try place.refuse(
      "data", "scenes", "-o", "d", "--count", "2", "--size", "16", "--first", "5", saying: "gap", "--first 2")
    try place.refuse("data", "scenes", "-o", ".", "--count", "2", saying: "scenes.json", "empty")
    try place.refuse("data", "scenes", "-o", "e", "--count", "0", saying: "--count", "1 to")
    try place.refuse("data", "scenes", "-o", "e", "--count", "2", "--size", "4", saying: "--size", "8 to")
    try place.refuse("data", "scenes", "-o", "e", "--count", "2", "--first=-1", saying: "--first", "0 to")
    try place.refuse("data", "scenes", "-o", "d/scenes.json", "--count", "2", saying: "d/scenes.json")
    let file = URL(fileURLWithPath: place.path("d/scenes.json"))
    for text in [
      "", "[]",
      #"{"version": 2, "seed": 0, "size": 16, "kinds": {}, "cameras": "usual", "first": -4, "count": 9, "classes": []}"#,
    ] {
      try Data(text.utf8).write(to: file)
      try place.refuse("data", "scenes", "-o", "d", "--count", "2", "--size", "16", saying: "d/scenes.json")
    }
  }

  @Test("Ctrl-C ends the work with code 130; the same call resumes")
  func interruption() throws {
    try place.interrupt("data", "scenes", "-o", "d", "--count", "100000", "--size", "16", "--quiet") { _ in
      (try? contents(of: "d").contains { $0.hasSuffix(".png") }) == true
    }
    #expect(try description("d")["count"] as? Int == 0)
    #expect(try contents(of: "d").allSatisfy { $0.hasSuffix(".png") || $0 == "scenes.json" })
    try place.run("data", "scenes", "-o", "d", "--count", "16", "--size", "16")
    #expect(try description("d")["count"] as? Int == 16)
  }

  @Test("Help has examples")
  func help() throws {
    #expect(try place.run("data", "--help").output.contains("EXAMPLES\n  arpg data scenes"))
    #expect(try place.run("data", "scenes", "--help").output.contains("EXAMPLES\n  arpg data scenes"))
    #expect(try place.run("--help").output.contains("  data "))
  }
}
