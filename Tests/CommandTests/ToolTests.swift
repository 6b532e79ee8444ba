import ARPG
import ARPGImageFiles
import ARPGStarter
import Foundation
import TestSupport
import Testing

@Suite("The other commands")
struct ToolTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("Help of every command has examples")
  func help() throws {
    let root = try place.run("--help").output
    for command in [
      "control", "sample", "grid", "preprocess", "adapters", "encode", "decode", "info", "convert", "bench",
    ] {
      #expect(root.contains("  \(command) "))
      let help = try place.run("help", command).output
      #expect(help.contains("EXAMPLES\n  arpg \(command)"), "\(command)")
    }
    let control = try place.run("control", "--help").output
    for shorthand in ["--edges FILE", "--depth FILE", "--class TEXT"] { #expect(control.contains(shorthand)) }
    #expect(!(try place.run("sample", "--help").output.contains("--edges")))
  }

  @Test("Adapters describe themselves")
  func adapters() throws {
    #expect(try place.run("adapters").lines.count == 7)
    let canny = try place.run("adapters", "canny").output
    for word in ["low", "high", "input", "--edges FILE", "0 to 2040", "scores  f1 "] { #expect(canny.contains(word)) }
  }

  @Test("Canny's edges are OpenCV's at the image's own size")
  func preprocessCanny() throws {
    try place.run(
      "preprocess", "canny", Fixtures.path("images/coffee.png"), "-o", "edges.png", "--option", "low=50", "--option",
      "high=150", "--option", "input=photo")
    let expected = try ImageFile.read(Fixtures.path("images/coffee.canny-50-150.png"))
    #expect(try place.image("edges.png") == expected)
  }

  @Test("A sketch is inverted and stretched, a depth map stretched")
  func preprocess() throws {
    let run = try place.run("preprocess", "canny", Workplace.example("mug.png"), "-o", "e.png", "--size", "256")
    #expect(run.errors.contains("sketch"))
    let edges = try place.image("e.png")
    #expect(edges.width == 256 && edges.greyValues.max() == 255 && edges.greyValues[0] == 0)
    try place.run("preprocess", "depth", Workplace.example("depth/chair.png"), "-o", "d.png")
    let depth = try place.image("d.png").greyValues
    #expect(depth.max() == 255 && depth.min() == 0)
  }

  @Test("What is decoded and encoded again has many of the same codes")
  func tokenizer() throws {
    try place.run("encode", Workplace.example("depth/mug.png"), "-o", "codes.npy")
    let codes = try NPYFile(contentsOf: place.path("codes.npy"))
    #expect(codes.shape == [1, 256] && codes.values.allSatisfy { 0..<4096 ~= $0 })
    try place.run("decode", "codes.npy", "-o", "back.png")
    try place.run("encode", "back.png", "back.png", "-o", "again.npy")
    let again = try NPYFile(contentsOf: place.path("again.npy"))
    #expect(again.shape == [2, 256] && again.values.prefix(256) == again.values.suffix(256))
    let same = zip(codes.values, again.values).filter { $0 == $1 }.count
    #expect(same > 64, "\(same) of 256")
    let several = try place.run("decode", "again.npy", "-o", "two.png")
    #expect(several.lines == ["two.png", "two-1.png", "two-2.png"])
    #expect(try place.image("two-1.png") == place.image("two-2.png"))
  }

  @Test("A model in half precision is half as large and makes nearly the same image")
  func half() throws {
    let source = try ModelFolder.read(Starter.path(), .twoPass)
    // The starter's matrices are halves already, so that their copies are the same.
    try place.run("convert", "--half", source.path, "-o", "m", "--quiet")
    let copy = try ModelFolder.read(place.path("m"), .twoPass)
    #expect(copy.description == source.description)
    for file in ["decoder", "tokenizer", "canny", "depth"].map({ $0 + ".safetensors" }) {
      let expected = try Checkpoint.open(source.path(of: file)), found = try Checkpoint.open(copy.path(of: file))
      #expect(found.names.sorted() == expected.names.sorted())
      for name in expected.names {
        #expect(try found.tensor(named: name).values == expected.tensor(named: name).values, "\(name)")
      }
    }
    try place.refuse("convert", "--half", "nowhere", "-o", "n", saying: "nowhere")
    try place.refuse("convert", "--half", "m", "--tokenizer", "x.pt", "-o", "n", saying: "--half takes a whole model")
  }

  @Test("A converted decoder is the checkpoint's, and half precision stays half")
  func convert() throws {
    try place.run(
      "convert", "--decoder", Fixtures.path("checkpoints/ddp.pt"), "--heads", "2", "--grid", "4", "-o", "m/tiny")
    let converted = try Checkpoint.open(place.path("m/tiny/decoder.safetensors"))
    let expected = try Checkpoint.open(Fixtures.path("checkpoints/expected.safetensors"))
    #expect(converted.names.sorted() == expected.names.sorted())
    for name in expected.names {
      #expect(try converted.tensor(named: name).values == expected.tensor(named: name).values)
    }
    try place.run(
      "convert", "--decoder", Fixtures.path("checkpoints/bf16.pt"), "--heads", "2", "--grid", "4", "-o", "half")
    #expect(try Checkpoint.open(place.path("half/decoder.safetensors")).scalarType(of: "head.weight") == .bfloat16)
    #expect(try place.run("info", "half").output.contains("28,880"))
    try place.refuse("sample", "--model", "half", saying: "tokenizer")
  }

  @Test("Convert tells of averaged weights, and finds the model beside other tensors")
  func convertFromTraining() throws {
    func convert(_ name: String) throws -> String {
      try place.run(
        "convert", "--decoder", Fixtures.path("checkpoints/wild/\(name).pt"), "--heads", "1", "--grid", "2", "-o", name
      ).errors
    }
    #expect(try convert("decoder").contains("averaged weights as well, which are not taken; --ema takes them"))
    #expect(try !convert("decoder_beside").contains("averaged"))
    let (decoder, found) = (
      try Checkpoint.open(place.path("decoder/decoder.safetensors")),
      try Checkpoint.open(place.path("decoder_beside/decoder.safetensors"))
    )
    #expect(found.names == decoder.names)
    #expect(try found.tensor(named: "norm.weight").values == decoder.tensor(named: "norm.weight").values)
  }

  @Test("Info tells what a model, a checkpoint and an image are")
  func info() throws {
    let model = try place.run("info").output
    for word in ["ARPG starter", "mushroom", "canny", "limits"] { #expect(model.contains(word)) }
    #expect(try place.run("info", Fixtures.path("checkpoints/f16.pt")).output.contains("head.weight"))
    #expect(try place.run("info", Fixtures.path("images/cat.jpg")).output.contains("451 x 300"))
    try place.run("sample", "--class", "ball", "--seed", "77", "-o", "b.png")
    #expect(try place.run("info", "b.png").output.contains("\"seed\" : 77"))
    #expect(try place.run("info", "--json").json()["name"] as? String == "ARPG starter")
  }
}
