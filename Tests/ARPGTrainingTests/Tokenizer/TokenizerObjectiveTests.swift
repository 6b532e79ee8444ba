import ARPG
import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("Training a tokenizer: losses and codebook")
struct TokenizerObjectiveTests {
  private func random(_ shape: [Int], seed: UInt64) -> Tensor {
    let generator = Philox(seed: seed)
    let count = shape.reduce(1, *)
    return Tensor(
      shape: shape, values: (0..<count).map { Float(generator.uniform(at: SIMD4(UInt32($0), 0, 0, 0)) * 2 - 1) })
  }

  @Test("The slope of the reconstruction loss is that of finite differences")
  func slope() {
    let x = random([2, 3, 3, 4], seed: 1), y = random([2, 3, 3, 4], seed: 2)
    var loss = ReconstructionLoss()
    loss.chroma = 2
    loss.gradient = 0.5
    loss.square = 3
    let leaf = x.tracked()
    let slope = gradients(of: loss(leaf, target: y), withRespectTo: [leaf])[0].values
    for index in 0..<x.count {
      func moved(_ by: Float) -> Float {
        var values = x.values
        values[index] += by
        return loss(Tensor(shape: x.shape, values: values), target: y).scalar
      }
      let expected = (moved(1e-3) - moved(-1e-3)) / 2e-3
      #expect(abs(slope[index] - expected) < 5e-3, "\(index)")
    }
    #expect(loss(y, target: y).scalar == 0)
  }

  @Test("A grey error costs luma only, a hue error chroma only")
  func channels() {
    let zero = Tensor(shape: [1, 3, 1, 1], repeating: 0)
    var loss = ReconstructionLoss()
    loss.square = 0
    let grey = loss(Tensor(shape: [1, 3, 1, 1], repeating: 0.5), target: zero).scalar
    #expect(abs(grey - 0.5) < 1e-4)
    loss.luma = 0
    #expect(loss(Tensor(shape: [1, 3, 1, 1], repeating: 0.5), target: zero).scalar < 1e-4)
    #expect(loss(Tensor(shape: [1, 3, 1, 1], values: [0.5, 0, 0]), target: zero).scalar > 0.2)
  }

  @Test("Clustering finds directions that are there, and unused codes find a place")
  func codebook() {
    var random = SystemRandomNumberGenerator()
    let axes: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0]]
    let noise = self.random([400, 3], seed: 3).values
    var values: [Float] = []
    for row in 0..<400 {
      let vector = (0..<3).map { axes[row % 4][$0] + 0.05 * noise[row * 3 + $0] }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      values += vector.map { $0 / norm }
    }
    let latents = Tensor(shape: [400, 3], values: values)
    // More codes than directions: every direction is found, whichever rows the means start from.
    var book = CodebookEMA(clustering: latents, codes: 16, using: &random)
    for axis in axes {
      let likeness = book.vectors.linear(Tensor(shape: [1, 3], values: axis)).values.max() ?? 0
      #expect(likeness > 0.99)
    }
    // Only one code is used from now on: the others become unused, and find a place among the latents.
    let used = latents.nearestRows(in: book.vectors)[0]
    let (counts, totals) = CodebookEMA.assign(latents, Array(repeating: used, count: 400), codes: 16)
    #expect(counts.values[used] == 400 && counts.values.reduce(0, +) == 400)
    for _ in 0..<600 { book.update(counts: counts, totals: totals) }
    #expect(book.unused.count == 15 && !book.unused.contains(used))
    book.replaceUnused(by: latents, using: &random)
    #expect(book.unused.isEmpty)
    #expect(book.vectors.linear(latents).values.max().map { $0 > 0.999 } == true)
    for row in 0..<16 {
      let norm = book.vectors.slice(row..<row + 1).values.reduce(0) { $0 + $1 * $1 }
      #expect(abs(norm - 1) < 1e-4)
    }
  }

  @Test("Every parameter but the codebook has a gradient, and a step along it lowers the loss")
  func gradient() throws {
    let configuration = VQConfiguration(
      channels: 8, multipliers: [1, 2], blocks: 1, latent: 8, codebook: 16, codeDim: 4, groups: 4, patch: 2,
      attention: false)
    var tensors: [String: Tensor] = [:]
    for (index, entry) in VQTokenizer.parameterTable(configuration).enumerated() {
      let values = random(entry.shape, seed: UInt64(index))
      let inputs = Float(entry.shape.dropFirst().reduce(1, *))
      let isGain = entry.shape.count == 1 && entry.name.contains("norm") && entry.name.hasSuffix("weight")
      tensors[entry.name] =
        isGain ? Tensor(shape: entry.shape, repeating: 1) : values.scaled(by: 1 / max(inputs, 1).squareRoot())
    }
    let images = random([2, 3, 16, 16], seed: 77)
    var random = SystemRandomNumberGenerator()
    let objective = TokenizerObjective()
    func outcome(_ tensors: [String: Tensor], _ book: Tensor?) -> TokenizerObjective.Outcome {
      objective(images, VQTokenizer(configuration, ParameterReader(tensors: tensors)), codebook: book)
    }
    let free = outcome(tensors, nil)
    #expect(free.codes.isEmpty && free.latents.shape == [32, 4])
    let book = CodebookEMA(clustering: free.latents, codes: 16, using: &random).vectors
    let leaves = tensors.mapValues { $0.tracked() }
    let names = leaves.keys.sorted()
    let before = outcome(leaves, book)
    #expect(before.codes.count == 32 && before.psnr.isFinite)
    let found = gradients(of: before.loss, withRespectTo: names.compactMap { leaves[$0] })
    for (name, gradient) in zip(names, found) where name != "quantize.embedding.weight" {
      // A bias in front of a normalisation of single groups may have none; weights all have.
      if name.hasSuffix("weight") { #expect(gradient.largestMagnitude > 0, "\(name)") }
      tensors[name] = tensors[name]?.adding(gradient, scale: -0.02)
    }
    #expect(outcome(tensors, book).loss.scalar < before.loss.scalar)
  }
}
