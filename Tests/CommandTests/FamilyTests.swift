import ARPG
import ARPGImageFiles
import ARPGTensor
import Foundation
import TestSupport
import Testing

/// Published layouts of other families through the program: converted, described, sampled.
@Suite("Decoder families on the command line")
struct FamilyTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Converts golden weights with a small tokenizer of as many codes, which makes images of 16 pixels.
  private func convert(_ name: String, codes: Int) throws {
    let sizes = VQConfiguration(
      channels: 8, multipliers: [1, 1, 1], blocks: 1, latent: 8, codebook: codes, codeDim: 4, groups: 4)
    var writer = SafetensorsWriter()
    for (name, tensor) in VQTokenizer.initialParameters(sizes, seed: 1).sorted(by: { $0.key < $1.key }) {
      writer.add(name, tensor)
    }
    try writer.write(to: place.path("vq.safetensors"))
    try place.run(
      "convert", "--decoder", Fixtures.path("\(name)/model.safetensors"), "--tokenizer", "vq.safetensors", "--groups",
      "4", "--heads", "2", "--grid", "4", "-o", "model")
  }

  private func expectCodes(of name: String, _ key: String) throws {
    let expected = try Checkpoint.open(Fixtures.path("\(name)/cases.safetensors")).integers(named: key)
    #expect(try place.trace("t").integers(named: "codes") == expected)
    #expect(try place.image("o-1.png").width == 16)
  }

  @Test("LlamaGen with classes gives the golden codes, and takes no fewer steps than codes")
  func llamaGen() throws {
    try convert("llamagen-tiny", codes: 96)
    #expect(try place.run("info", "model").output.contains("LlamaGen: causal, raster order"))
    let file = try place.run("info", Fixtures.path("llamagen-tiny/model.safetensors")).output
    #expect(file.contains("LlamaGen: causal, raster order, safetensors"))
    try place.run(
      "sample", "--model", "model", "--class", "1,7", "--guidance", "3", "--top-k", "1", "--trace", "t", "-o", "o.png")
    try expectCodes(of: "llamagen-tiny", "0.codes")
    try place.run(
      "sample", "--model", "model", "--class", "0,5", "--guidance", "3", "--guided-tokens", "8", "--top-k", "1",
      "--trace", "t", "-o", "o.png")
    try expectCodes(of: "llamagen-tiny", "5.codes")
    try place.refuse(
      "sample", "--model", "model", "--class", "1", "--steps", "8", saying: "16 or more", "one code a step")
    try place.refuse("sample", "--model", "model", "--schedule", "arccos", saying: "schedule is arccos", "single")
    for order in ["random", "spiral", "confidence"] {
      try place.refuse(
        "sample", "--model", "model", "--order", order, saying: "order is \(order)", "raster with a decoder of llamagen"
      )
    }
    try place.run("sample", "--model", "model", "--class", "1", "--order", "raster", "-o", "o.png")
    try place.refuse("sample", "--model", "model", "--text-features", "f", saying: "f")
  }

  @Test("ARPG decodes the golden codes beside known ones, in the golden order")
  func known() throws {
    try convert("arpg-tiny", codes: 128)
    let cases = try Checkpoint.open(Fixtures.path("arpg-tiny/sample.safetensors"))
    let positions = try cases.integers(named: "13.known_positions"), known = try cases.integers(named: "13.known_codes")
    let expected = try cases.integers(named: "13.codes"), order = try cases.integers(named: "13.order")
    try NPYFile(shape: [16], values: order).write(to: place.path("order.npy"))
    let grey = (0..<256).map { UInt8(positions.contains($0 / 64 * 4 + $0 % 16 / 4) ? 0 : 255) }
    try ImageFile.write(Image(width: 16, height: 16, grey: grey), to: place.path("mask.png"))
    for (row, label) in ["1", "9"].enumerated() {
      var codes = Array(repeating: 0, count: 16)
      for (slot, position) in positions.enumerated() { codes[position] = known[row * positions.count + slot] }
      try NPYFile(shape: [16], values: codes).write(to: place.path("codes.npy"))
      try place.run(
        "edit", "codes.npy", "--mask", "mask.png", "--model", "model", "--class", label, "--order", "order.npy",
        "--steps", "4", "--guidance", "3", "--top-k", "1", "--trace", "t", "-o", "o.png")
      #expect(try place.trace("t").integers(named: "codes") == Array(expected[row * 16..<row * 16 + 16]))
    }
  }

  @Test("LlamaGen continues an image downwards, and refuses a hole")
  func continued() throws {
    try convert("llamagen-tiny", codes: 96)
    try place.run("sample", "--model", "model", "--class", "1", "-o", "s.png")
    try place.run(
      "edit", "s.png", "--model", "model", "--class", "1", "--box", "0,50%,100%,50%", "-o", "lower.png", "--trace", "t")
    try place.refuse(
      "edit", "s.png", "--model", "model", "--class", "1", "--box", "25%,25%,50%,50%", "-o", "o.png",
      saying: "first code to the last", "lower part")
  }

  @Test("LlamaGen with text features gives the golden codes")
  func text() throws {
    try convert("llamagen-t2i-tiny", codes: 64)
    let cases = try Checkpoint.open(Fixtures.path("llamagen-t2i-tiny/cases.safetensors"))
    let captions = try cases.tensor(named: "0.captions"), length = try cases.integers(named: "0.lengths")[0]
    var writer = SafetensorsWriter()
    writer.add("features", captions.slice(0..<1).reshaped(120, 12).slice(120 - length..<120))
    try writer.write(to: place.path("text.safetensors"))
    try place.run(
      "sample", "--model", "model", "--text-features", "text.safetensors", "--top-k", "1", "--trace", "t", "-o", "o.png"
    )
    #expect(try place.trace("t").integers(named: "codes") == Array(cases.integers(named: "0.codes")[..<16]))

    var wide = SafetensorsWriter()
    wide.add("features", Tensor(shape: [3, 13], repeating: 0))
    try wide.write(to: place.path("wide.safetensors"))
    try place.refuse(
      "sample", "--model", "model", "--text-features", "wide.safetensors", saying: "[3, 13]", "[1 to 120, 12]")
    try place.refuse("sample", "--model", "model", "--class", "3", saying: "not conditioned on classes")
  }

  @Test("RandAR decodes in any order, in the steps of its own schedule")
  func randAR() throws {
    try convert("randar-tiny", codes: 64)
    try place.run("sample", "--model", "model", "--class", "1,2", "--seed", "4", "--trace", "t", "-o", "o.png")
    let trace = try place.trace("t")
    #expect(try trace.integers(named: "order").sorted() == Array(0..<16))
    #expect(try trace.integers(named: "step_sizes") == Array(repeating: 1, count: 16))
    try place.run(
      "sample", "--model", "model", "--class", "1", "--steps", "6", "--trace", "t", "--guidance-start", "2", "-o",
      "o.png")
    #expect(try place.trace("t").integers(named: "step_sizes") == [1, 2, 2, 3, 4, 4])
    try place.run("sample", "--model", "model", "--class", "1", "--order", "spiral", "--trace", "t", "-o", "o.png")
    #expect(try place.trace("t").integers(named: "order").prefix(4) == [5, 6, 10, 9])
    try place.refuse(
      "sample", "--model", "model", "--class", "1", "--order", "confidence", saying: "order is confidence", "spiral",
      "randar")
  }

  @Test(
    "The speed of every family is measured",
    arguments: [("llamagen-tiny", 96), ("randar-tiny", 64), ("arpg-tiny", 128)])
  func bench(name: String, codes: Int) throws {
    try convert(name, codes: codes)
    let run = try place.run("bench", "--model", "model", "--class", "1", "--batch", "2", "--runs", "1", "--json").json()
    let row = try #require((run["rows"] as? [[String: Any]])?.first)
    let decoder = try #require(row["decoder"] as? [String: Any])
    let parts = try #require(decoder["parts"] as? [String: Double])
    #expect(parts.keys.contains("head") && parts.keys.contains("attention") && run["tokens"] as? Int == 16)
    #expect(try #require(decoder["gigaflops"] as? Double) > 0)
  }

  @Test("The grid of LlamaGen must be told where the name does not tell it")
  func grid() throws {
    try place.refuse(
      "convert", "--decoder", Fixtures.path("llamagen-tiny/model.safetensors"), "--heads", "2", "-o", "m",
      saying: "give grid", "24 for 384")
    try FileManager.default.copyItem(
      atPath: Fixtures.path("llamagen-tiny/model.safetensors"), toPath: place.path("c2i_tiny_384.safetensors"))
    try place.run("convert", "--decoder", "c2i_tiny_384.safetensors", "--heads", "2", "-o", "m")
    #expect(try place.run("info", "m").output.contains("576 tokens"))
  }
}
