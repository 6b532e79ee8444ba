import ARPG
import ARPGControl
import Foundation
import TestSupport
import Testing

@Suite("Settings of adapters")
struct ConfigurationTests {
  private func decode(_ text: String) throws -> ControlARConfiguration {
    try ControlARConfiguration(JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
  }

  @Test("Settings are read as they stand in a model's description, with defaults for what may be absent")
  func reading() throws {
    let full = try decode(
      """
      {"encoder": "dinov2", "image": 518, "patch": 14, "hidden": 384, "heads": 6, "layers": 12, "intermediate": 99,
       "inject": [0, 4], "dim": 1024}
      """)
    let sizes = VisionTransformerConfiguration(
      image: 518, patch: 14, dim: 384, heads: 6, layers: 12, hidden: 99)
    #expect(full == ControlARConfiguration(encoder: .dinov2(sizes), inject: [0, 4], dim: 1024))
    #expect(try ControlARConfiguration(JSONValue(encoding: full)) == full)

    let brief = try decode(#"{"encoder": "vit", "image": 128, "patch": 8, "hidden": 96, "heads": 4, "layers": 2}"#)
    let decoder = DecoderLayout(rows: 16, columns: 16, vocab: 9, dim: 192, injectableLayers: 12, classes: 9)
    let network = brief.network(for: decoder)
    #expect(network.dim == 192 && network.inject == [0, 4, 8])
    #expect((network.encoder.sizes as? VisionTransformerConfiguration)?.hidden == 384)
  }

  @Test(
    "Injection begins at 0, a third and two thirds of the depth",
    arguments: [(1, [0]), (2, [0]), (3, [0, 1, 2]), (4, [0, 1, 2]), (12, [0, 4, 8]), (24, [0, 8, 16])])
  func injection(layers: Int, expected: [Int]) {
    #expect(ControlARConfiguration.defaultInjection(layers: layers) == expected)
  }

  @Test(
    "Settings that no adapter can have are refused, and the error names the field",
    arguments: [
      (#""encoder": "resnet""#, "encoder is 'resnet'; expected vit, dinov2, vit_c"),
      (#""patch": 0"#, "patch is 0; expected 1 to 256"),
      (#""patch": 7"#, "patch is 7; expected a divisor of image, which is 128"),
      (#""heads": 5"#, "heads is 5; expected a divisor of hidden, which is 96"),
      (#""layers": 1e9"#, "layers is 1000000000; expected 1 to 1024"),
      (#""hidden": 9223372036854774784"#, "hidden is 9223372036854774784; expected 1 to 16384"),
      (#""inject": [2, 1]"#, "inject is [2, 1]; expected layers from 0 on, rising, at least one"),
      (#""inject": []"#, "inject is []; expected layers from 0 on, rising, at least one"),
      (#""inject": [-1]"#, "inject is [-1]; expected layers from 0 on, rising, at least one"),
      (#""dim": 0"#, "dim is 0; expected 1 to 65536"),
      (#""heads": null"#, "heads is null, expected a value"),
      (#""image": "large""#, "image is not of the type Int"),
    ])
  func refusals(field: String, message: String) throws {
    let good = [
      #""encoder": "vit""#, #""image": 128"#, #""patch": 8"#, #""hidden": 96"#, #""heads": 4"#, #""layers": 2"#,
    ]
    let key = field.prefix { $0 != ":" }
    let fields = good.filter { !$0.hasPrefix(key) } + [field]
    let error = #expect(throws: ConfigurationError.self) { try decode("{\(fields.joined(separator: ", "))}") }
    #expect(error?.description == message)
  }

  @Test("Convolutions need a patch that is a power of two", arguments: [1, 12])
  func stemPatch(_ patch: Int) {
    let error = #expect(throws: ConfigurationError.self) {
      try decode(
        #"{"encoder": "vit_c", "image": 96, "patch": \#(patch), "hidden": 96, "heads": 4, "layers": 2}"#)
    }
    #expect(
      error?.description == "patch is \(patch); expected a power of two from 2 on, since each convolution halves")
  }

  @Test("A missing field is named")
  func missing() {
    let error = #expect(throws: ConfigurationError.self) { try decode(#"{"encoder": "vit", "image": 128}"#) }
    #expect(error?.description == "patch is missing")
  }

  @Test("Sizes are read off an adapter's tensors", arguments: ["vit", "dinov2", "vit_c"])
  func inference(_ kind: String) throws {
    let patch = kind == "vit_c" ? 8 : 14
    let sizes = VisionTransformerConfiguration(
      image: 3 * patch, patch: patch, dim: 24, heads: 3, layers: 2, hidden: 40)
    let settings = ControlARConfiguration(encoder: Small.encoder(kind, sizes), inject: [0, 1], dim: 12)
    let network = ControlARNetwork.Configuration(encoder: settings.encoder, dim: 12, inject: [0, 1])
    let parameters = try ControlARNetwork.initialParameters(network, seed: 1)
    #expect(try ControlARConfiguration(inferredFrom: parameters, heads: 3, inject: [0, 1]) == settings)

    let unknown = #expect(throws: ConfigurationError.self) { try ControlARConfiguration(inferredFrom: parameters) }
    #expect(unknown?.description.hasSuffix("its width is 24, no multiple of 64; give heads") == true)
  }

  @Test("Shapes that no encoder has are refused")
  func badShapes() throws {
    let published = try Checkpoint.open(Fixtures.path("vit/model.safetensors"))
    #expect(try VisionEncoderRegistry.standard.configuration(of: published, heads: 4) == .vit(Small.vit))
    #expect(throws: ConfigurationError.self) { try ControlARConfiguration(inferredFrom: published) }
    var broken = ParameterSet([:])
    for name in published.names { broken.tensors[name] = try published.tensor(named: name) }
    for count in [0, 1, 3, 16] {
      broken.tensors["embeddings.position_embeddings"] = Small.random([1, count, 48], seed: 1)
      #expect(throws: ConfigurationError.self) {
        try VisionEncoderRegistry.standard.configuration(of: broken, heads: 4)
      }
    }
  }
}
