import ARPG
import ARPGCheckpoints
import ARPGStarter
import ARPGTensor
import Foundation
import Testing

@Suite("Weights of low precision on the command line")
struct PrecisionOptionTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test(
    "A model that is stored packed makes the images that packing at the start makes",
    arguments: ["bf16", "int8", "int4"])
  func stored(precision: String) throws {
    try place.run("convert", "--pack", Starter.path(), "--precision", precision, "-o", "packed")
    let arguments = ["--class", "mug", "--steps", "6", "--seed", "3"]
    func sample(_ more: [String], _ file: String) throws {
      let process = try ARPGProcess(["sample", "-o", file] + arguments + more, in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
    }
    try sample(["--model", "packed"], "stored.png")
    try sample(["--precision", precision], "start.png")
    try sample(["--precision", precision, "--threads", "1"], "one.png")
    #expect(try place.image("stored.png") == place.image("start.png"))
    #expect(try place.image("one.png") == place.image("start.png"))
    #expect(try place.run("info", "stored.png").output.contains("\"precision\" : \"\(precision)\""))
    #expect(try place.run("info", "packed").output.contains(precision))
    // With 32 bits what the packed weights stand for; of 16-bit weights that are the same numbers.
    try sample(["--model", "packed", "--precision", "f32"], "wide.png")
    if precision == "bf16" { #expect(try place.image("wide.png").width == 256) }
    let check = try place.run("adapters", "export", "canny", "-o", "c.safetensors")
    #expect(check.status == 0)
    #expect(
      try place.run("adapters", "check", "c.safetensors", "--model", "packed").output.contains("trained for this model")
    )
    let size = try FileManager.default.attributesOfItem(atPath: place.path("packed/decoder.safetensors"))[.size] as? Int
    let half = try FileManager.default.attributesOfItem(atPath: Starter.path() + "/decoder.safetensors")[.size] as? Int
    #expect(precision == "bf16" || size ?? .max < half ?? 0)
  }

  @Test("A model says how it is used, an image how it was made, and --like takes that")
  func suggested() throws {
    func sample(_ file: String, _ more: String...) throws {
      let process = try ARPGProcess(
        ["sample", "--class", "mug", "--steps", "6", "--seed", "3", "-o", file] + more, in: place.folder)
      #expect(process.status == 0, "\(more): \(process.errors)")
    }
    try sample("own.png")
    #expect(try place.run("info", "own.png").output.contains("\"precision\" : \"int8\""))
    try sample("half.png", "--precision", "f16")
    #expect(try place.image("own.png") != place.image("half.png"))
    try place.run("sample", "--class", "mug", "--like", "half.png", "-o", "like.png")
    #expect(try place.image("like.png") == place.image("half.png"))

    try place.run("convert", "--half", Starter.path(), "--precision", "f16", "-o", "m")
    try sample("m.png", "--model", "m")
    #expect(try place.image("m.png") == place.image("half.png"))
    try place.run("convert", "--precision", "int8", "-o", "m")
    let told = try place.run("info", "m").output
    #expect(told.contains("f16") && told.contains("int8"))
    try sample("m8.png", "--model", "m")
    #expect(try place.image("m8.png") == place.image("own.png"))

    let file = place.path("m/model.json"), text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacing("\"precision\" : \"int8\"", with: "\"precision\" : \"int9\"")
      .write(toFile: file, atomically: true, encoding: .utf8)
    try place.refuse("sample", "--model", "m", "-o", "x.png", saying: "precision")
  }

  @Test("A batch of controlled images is its images one by one")
  func batch() throws {
    let sketch = Workplace.example("mug.png")
    try place.run(
      "control", "--edges", sketch, "--class", "mug,house", "--precision", "int8", "--steps", "4", "-o", "both.png")
    try place.run(
      "control", "--edges", sketch, "--class", "house", "--precision", "int8", "--steps", "4", "-o", "house.png")
    #expect(try place.image("both-2.png") == place.image("house.png"))
  }

  @Test("eval precision tells error, codes and memory of each")
  func evaluation() throws {
    let json = try place.run("eval", "precision", "--precisions", "int8,f16", "--images", "1", "--steps", "4", "--json")
      .json()
    let rows = try #require(json["rows"] as? [[String: Any]])
    #expect(rows.map { $0["precision"] as? String } == ["int8", "f16"])
    let errors = rows.compactMap { $0["logit_error"] as? Double }
    #expect(errors[0] > errors[1] && errors[0] < 0.03)
    try place.refuse("eval", "precision", "--precisions", "f32", saying: "'f32' is none of bf16, f16, int8, int4")
  }

  @Test("What cannot be packed, and what packed weights cannot do, is told in a line")
  func refusals() throws {
    try place.refuse("convert", "--pack", Starter.path(), "-o", "x", saying: "--pack DIR needs --precision")
    try place.refuse(
      "convert", "--pack", Starter.path(), "--precision", "f32", "-o", "x", saying: "bf16, f16, int8 or int4")
    try place.refuse("sample", "--precision", "int3", saying: "int3")
    try place.run("data", "scenes", "-o", "scenes", "--count", "4")
    try place.run("data", "prepare", "scenes", "-o", "data", "--adapters", "canny")
    try place.run("convert", "--pack", Starter.path(), "--precision", "int8", "-o", "packed")
    try place.refuse(
      "train", "adapter", "--data", "data", "--model", "packed", "-o", "run", "--set", "adapters=canny",
      saying: "stored in int8, which cannot be trained on")
  }

  @Test("A file that describes its packed weights wrongly is refused in a line")
  func hostile() throws {
    try place.run("convert", "--pack", Starter.path(), "--precision", "int8", "-o", "packed")
    let file = URL(fileURLWithPath: place.path("packed/decoder.safetensors"))
    let good = try Data(contentsOf: file)
    let length = Int(good[0]) | Int(good[1]) << 8 | Int(good[2]) << 16
    let header = String(decoding: good[8..<8 + length], as: UTF8.self)
    for (from, to, word) in [
      (#"\"precision\":\"int8\""#, #"\"precision\":\"int4\""#, "bytes"),
      (#"\"precision\":\"int8\""#, #"\"precision\":\"f32\""#, "f32"),
      (#"\"precision\":\"int8\""#, #"\"precision\":\"int9\""#, "int9"),
      (#"\"head.weight\":["#, #"\"head.weight\":[-"#, "head.weight"),
      (#"\"head.weight\":["#, #"\"head.weight\":[9999999999"#, "head.weight"),
      (#"\"head.weight\":"#, #"\"heat.weight\":"#, "heat.weight"),
    ] {
      let changed = header.replacingOccurrences(of: from, with: to)
      #expect(changed != header, "\(from) is not in the header")
      var bytes = Data(changed.utf8)
      bytes.append(contentsOf: Array(repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8))
      var whole = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Data($0) }
      whole.append(bytes)
      whole.append(good[(8 + length)...])
      try whole.write(to: file)
      try place.refuse("sample", "--model", "packed", saying: "decoder.safetensors", word)
    }
    // Scales that are no numbers: the last bytes of a matrix.
    var broken = good
    let floats = 8 + length
    for index in floats..<good.count where index % 4 == 3 { broken[index] = 0x7f }
    for index in floats..<good.count where index % 4 == 2 { broken[index] = 0xff }
    try broken.write(to: file)
    try place.refuse("sample", "--model", "packed", saying: "decoder.safetensors")
  }
}
