import ARPG
import ARPGTensor
import TestSupport
import Testing

@Suite("Properties of the tokenizer", .serialized)
struct TokenizerPropertyTests {
  /// Larger than the golden images, so that convolutions take their fast path.
  private static func images(_ count: Int, height: Int, width: Int) -> Tensor {
    let generator = Philox(seed: 7)
    let values = (0..<count * 3 * height * width).map {
      Float(generator.uniform(at: SIMD4(UInt32($0), 0, 0, 0)) * 2 - 1)
    }
    return Tensor(shape: [count, 3, height, width], values: values)
  }

  @Test("A batch equals its images one by one", arguments: ["vq-tiny", "vq-patch"])
  func batch(_ name: String) throws {
    let tokenizer = try GoldenTokenizer(name).load()
    let factor = tokenizer.configuration.downsamplingFactor
    let images = Self.images(3, height: 12 * factor, width: 20 * factor)
    let whole = try tokenizer.encode(images)
    let decoded = try tokenizer.decode(whole.codes, rows: 12, columns: 20)
    for index in 0..<3 {
      let single = try tokenizer.encode(images.slice(index..<index + 1))
      #expect(single.codes == [whole.codes[index]])
      #expect(single.latents.values == whole.latents.slice(index..<index + 1).values)
      let image = try tokenizer.decode(single.codes, rows: 12, columns: 20)
      #expect(image.values == decoded.slice(index..<index + 1).values)
    }
  }

  @Test("Results do not depend on the number of threads", arguments: ["vq-tiny", "vq-patch"])
  func threads(_ name: String) throws {
    let tokenizer = try GoldenTokenizer(name).load()
    let factor = tokenizer.configuration.downsamplingFactor
    let images = Self.images(1, height: 16 * factor, width: 12 * factor)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let results = try [1, 2, 3].map { threads in
      Parallel.threads = threads
      let encoded = try tokenizer.encode(images)
      return [encoded.latents.values, try tokenizer.decode(encoded.codes, rows: 16, columns: 12).values]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test("Training takes the convolutions that sampling takes, to the last bit", arguments: ["vq-tiny", "vq-patch"])
  func recorded(_ name: String) throws {
    let tokenizer = try GoldenTokenizer(name).load()
    let factor = tokenizer.configuration.downsamplingFactor
    let images = Self.images(1, height: 16 * factor, width: 12 * factor)
    let latents = tokenizer.latents(of: images)
    #expect(tokenizer.latents(of: images.tracked()).largestDifference(from: latents) == 0)
    let decoded = tokenizer.images(of: latents, rows: 16)
    #expect(tokenizer.images(of: latents.tracked(), rows: 16).largestDifference(from: decoded) == 0)
  }

  @Test("Latents have unit length, and codes are those of the nearest vectors")
  func nearest() throws {
    let tokenizer = try GoldenTokenizer("vq-tiny").load()
    let dim = tokenizer.configuration.codeDim
    let latents = tokenizer.latents(of: Self.images(1, height: 32, width: 32))
    let book = tokenizer.codeVectors(Array(0..<tokenizer.configuration.codebook)).values
    for (position, code) in tokenizer.codes(of: latents).enumerated() {
      let latent = latents.values[position * dim..<(position + 1) * dim]
      #expect(abs(latent.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
      let products = stride(from: 0, to: book.count, by: dim).map { row in
        zip(latent, book[row..<row + dim]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(products[code] >= (products.max() ?? 0) - 1e-6)
    }
  }

  @Test("Bookkeeping in a published file is ignored, anything else unknown is not")
  func surplus() throws {
    let golden = try GoldenTokenizer("vq-patch")
    var tensors: [String: Tensor] = [:]
    for name in golden.checkpoint.names { tensors[name] = try golden.checkpoint.tensor(named: name) }
    tensors["quantize.codebook_used"] = Tensor(shape: [65536], repeating: 0)
    _ = try VQTokenizer.load(golden.configuration, from: ParameterSet(tensors))
    tensors["quantize.other"] = Tensor(shape: [1], repeating: 0)
    #expect(throws: ParameterError.self) { try VQTokenizer.load(golden.configuration, from: ParameterSet(tensors)) }
  }

  @Test("The published configuration has the published number of parameters")
  func size() {
    let table = VQTokenizer.parameterTable(VQConfiguration())
    #expect(table.reduce(0) { $0 + $1.shape.reduce(1, *) } == 71_883_403)
    #expect(Set(table.map(\.name)).count == table.count)
  }

  @Test("What does not fit is refused with the numbers that differ")
  func errors() throws {
    let tokenizer = try GoldenTokenizer("vq-tiny").load()
    func fails(_ expected: TokenizerError, _ body: () throws -> Void) {
      #expect(throws: expected) { try body() }
    }
    fails(.imageShape(found: [1, 3, 30, 32], factor: 4)) {
      _ = try tokenizer.encode(Tensor(shape: [1, 3, 30, 32], repeating: 0))
    }
    fails(.imageShape(found: [1, 1, 32, 32], factor: 4)) {
      _ = try tokenizer.encode(Tensor(shape: [1, 1, 32, 32], repeating: 0))
    }
    fails(.grid(rows: 0, columns: 2)) { _ = try tokenizer.decode([[]], rows: 0, columns: 2) }
    fails(.grid(rows: .max, columns: 2)) { _ = try tokenizer.decode([[]], rows: .max, columns: 2) }
    fails(.codeCount(image: 1, found: 3, rows: 2, columns: 2)) {
      _ = try tokenizer.decode([[0, 1, 2, 3], [0, 1, 2]], rows: 2, columns: 2)
    }
    for code in [-1, 64] {
      fails(.codeOutOfRange(image: 0, position: 3, found: code, codebook: 64)) {
        _ = try tokenizer.decode([[0, 1, 2, code]], rows: 2, columns: 2)
      }
    }
    #expect(
      TokenizerError.codeOutOfRange(image: 0, position: 3, found: 64, codebook: 64).description
        == "image 0 has the code 64 at position 3; expected 0 to 63, so the codes come from another tokenizer")
  }
}
