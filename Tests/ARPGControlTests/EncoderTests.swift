import ARPG
import ARPGControl
import ARPGTensor
import TestSupport
import Testing

@Suite("Vision encoders")
struct EncoderTests {
  private func expectTokens(_ encoder: some VisionEncoder, of name: String, sizes: [String]) throws {
    let cases = try Checkpoint.open(Fixtures.path("\(name)/cases.safetensors"))
    for size in sizes {
      let found = encoder.encode(try cases.tensor(named: "\(size).image"))
      let difference = found.largestDifference(from: try cases.tensor(named: "\(size).tokens"))
      #expect(difference < 2e-4, "\(name) \(size): \(difference)")
    }
  }

  @Test("ViT gives the tokens of the golden cases, also where position embeddings are interpolated")
  func vit() throws {
    let source = try Checkpoint.open(Fixtures.path("vit/model.safetensors"))
    let encoder = try ViTEncoder.load(Small.vit, from: source)
    try expectTokens(encoder, of: "vit", sizes: ["32x32", "48x40"])
    #expect(encoder.configuration.width == 48 && encoder.configuration.patch == 8)
  }

  @Test("DINOv2 gives the tokens of the golden cases, also where position embeddings are interpolated")
  func dinov2() throws {
    let source = try Checkpoint.open(Fixtures.path("dinov2/model.safetensors"))
    let encoder = try DINOv2Encoder.load(Small.dinov2, from: source)
    try expectTokens(encoder, of: "dinov2", sizes: ["70x70", "56x84"])
    #expect(encoder.configuration.width == 48 && encoder.configuration.patch == 14)
  }

  @Test("Files may carry a prefix, a pooler, and a classifier beside the encoder")
  func publishedFiles() throws {
    let plain = try Checkpoint.open(Fixtures.path("vit/model.safetensors"))
    let extra = Tensor(shape: [2], repeating: 1)
    var pooled = ParameterSet([:])
    for name in plain.names { pooled.tensors[name] = try plain.tensor(named: name) }
    pooled.tensors["pooler.dense.bias"] = extra
    try expectTokens(
      ViTEncoder.load(Small.vit, from: pooled.publishedEncoder), of: "vit", sizes: ["32x32"])

    var prefixed = ParameterSet(["classifier.bias": extra])
    for (name, tensor) in pooled.tensors { prefixed.tensors["vit." + name] = tensor }
    try expectTokens(
      ViTEncoder.load(Small.vit, from: prefixed.publishedEncoder), of: "vit", sizes: ["32x32"])
    #expect(throws: ParameterError.self) { try ViTEncoder.load(Small.vit, from: prefixed) }
  }

  @Test("A batch is its images encoded one by one")
  func batch() throws {
    let encoder = try ViTEncoder.load(
      Small.vit, from: Checkpoint.open(Fixtures.path("vit/model.safetensors")))
    let images = try Checkpoint.open(Fixtures.path("vit/cases.safetensors")).tensor(named: "48x40.image")
    let whole = encoder.encode(images)
    for row in 0..<2 {
      #expect(encoder.encode(images.slice(row..<row + 1)).values == whole.slice(row..<row + 1).values)
    }
  }
}
