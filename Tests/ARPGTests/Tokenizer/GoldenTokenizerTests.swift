import ARPG
import ARPGTensor
import TestSupport
import Testing

@Suite("Golden tokenizer cases")
struct GoldenTokenizerTests {
  static let names = ["vq-tiny", "vq-patch"]
  static let labels = ["square", "wide"]

  @Test("Latents within 1e-4, codes equal", arguments: names, labels)
  func encode(_ name: String, _ label: String) throws {
    let golden = try GoldenTokenizer(name)
    let found = try golden.load().encode(golden.cases.tensor(named: "\(label).image"))
    let latents = try golden.cases.tensor(named: "\(label).latents")
    #expect(found.latents.largestDifference(from: latents) < 1e-4)
    #expect(try found.codes == golden.codes(label))
  }

  @Test("Pixels within 1e-4", arguments: names, labels)
  func decode(_ name: String, _ label: String) throws {
    let golden = try GoldenTokenizer(name)
    let expected = try golden.cases.tensor(named: "\(label).decoded")
    let factor = golden.configuration.downsamplingFactor
    let found = try golden.load().decode(
      golden.codes(label), rows: expected.shape[2] / factor, columns: expected.shape[3] / factor)
    #expect(found.largestDifference(from: expected) < 1e-4)
  }

  @Test("With weights in half precision pixels are near, each image as it is alone", arguments: names, labels)
  func half(_ name: String, _ label: String) throws {
    let golden = try GoldenTokenizer(name)
    let expected = try golden.cases.tensor(named: "\(label).decoded")
    let tokenizer = try VQTokenizer.load(golden.configuration, from: golden.checkpoint, precision: .float16)
    let (codes, factor) = (try golden.codes(label), golden.configuration.downsamplingFactor)
    let (rows, columns) = (expected.shape[2] / factor, expected.shape[3] / factor)
    let found = try tokenizer.decode(codes, rows: rows, columns: columns)
    #expect(found.largestDifference(from: expected) < 0.01)
    for (number, codes) in codes.enumerated() {
      let alone = try tokenizer.decode([codes], rows: rows, columns: columns)
      #expect(alone.values == found.slice(number..<number + 1).values)
    }
    // The encoder has the same weights with 32 bits.
    let latents = try tokenizer.encode(golden.cases.tensor(named: "\(label).image")).latents
    #expect(try latents.largestDifference(from: golden.cases.tensor(named: "\(label).latents")) < 0.01)
  }

  @Test("The pieces that training uses give what the whole gives", arguments: names)
  func pieces(_ name: String) throws {
    let golden = try GoldenTokenizer(name)
    var tensors: [String: Tensor] = [:]
    for name in golden.checkpoint.names { tensors[name] = try golden.checkpoint.tensor(named: name).tracked() }
    let tokenizer = try VQTokenizer.load(golden.configuration, from: ParameterSet(tensors))
    let latents = tokenizer.latents(of: try golden.cases.tensor(named: "wide.image"))
    let codes = try golden.codes("wide")
    #expect(tokenizer.codes(of: latents) == codes.flatMap { $0 })
    let expected = try golden.cases.tensor(named: "wide.decoded")
    let rows = expected.shape[2] / golden.configuration.downsamplingFactor
    let vectors = tokenizer.codeVectors(codes.flatMap { $0 })
      .reshaped(2, codes[0].count, golden.configuration.codeDim)
    let images = tokenizer.images(of: vectors, rows: rows)
    #expect(images.largestDifference(from: expected) < 1e-4)
    #expect(latents.isTracked && images.isTracked)
    // Every parameter has a part in the sum of all pixels or latents.
    let leaves = tensors.sorted { $0.key < $1.key }
    let row = images.reshaped(1, images.count), rest = latents.reshaped(1, latents.count)
    let loss =
      row.linear(Tensor(shape: [1, images.count], values: images.values)).reshaped([])
      + rest.linear(Tensor(shape: [1, latents.count], values: (0..<latents.count).map { Float($0 % 3) })).reshaped([])
    for ((name, _), gradient) in zip(leaves, gradients(of: loss, withRespectTo: leaves.map(\.value))) {
      #expect(gradient.values.contains { $0 != 0 } && gradient.values.allSatisfy(\.isFinite), "\(name)")
    }
  }
}
