import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("Optimisers")
struct OptimizerTests {
  private let matrix = Tensor(shape: [2, 3], values: [0.5, -1, 2, 0.1, 0, -0.3])
  private let gradient = Tensor(shape: [2, 3], values: [0.1, -0.2, 0.3, 0, 1, -1.5])
  private let later = Tensor(shape: [2, 3], values: [0.4, 0.2, -0.1, 0.3, -0.6, 0.2])

  private func steps(_ optimizer: some Optimizer, _ start: Tensor, _ gradients: [Tensor], learningRate: Float) -> Tensor
  {
    var parameter = start
    var state = optimizer.stateNames.map { _ in Tensor(shape: start.shape, repeating: 0) }
    for (index, gradient) in gradients.enumerated() {
      (parameter, state) = optimizer.update(
        parameter, gradient: gradient, state: state, step: index + 1, learningRate: learningRate)
    }
    return parameter
  }

  private func expect(_ found: Tensor, near values: [Float], within tolerance: Float = 1e-6) {
    #expect(found.largestDifference(from: Tensor(shape: found.shape, values: values)) <= tolerance, "\(found)")
  }

  @Test("AdamW as in PyTorch: matrices decay, vectors do not")
  func adamW() {
    let gradients = [1, -2, 3].map { gradient.scaled(by: $0) }
    expect(
      steps(AdamW(), matrix, gradients, learningRate: 0.1),
      near: [0.395_849_94, -0.888_387_32, 1.873_462_2, 0.098_507_494, -0.096_687_51, -0.198_834_96])
    let vector = Tensor(shape: [3], values: [1, -2, 0.25])
    let slope = Tensor(shape: [3], values: [0.5, -0.1, 0.02])
    expect(
      steps(AdamW(), vector, [1, 2, 3].map { slope.scaled(by: $0) }, learningRate: 0.1),
      near: [0.709_750_41, -1.709_750_41, -0.040_249_452])
  }

  @Test("Muon as by hand in single precision, wide and tall")
  func muon() {
    let muon = Muon(weightDecay: 0.05)
    expect(
      steps(muon, matrix, [gradient, later], learningRate: 0.1),
      near: [0.341_327_43, -1.001_473_7, 1.961_731, 0.034_853_384, -0.014_714_397, -0.157_567_89], within: 2e-5)
    func turned(_ x: Tensor) -> Tensor { x.reshaped(1, 2, 3).transposed().reshaped(3, 2) }
    expect(
      steps(muon, turned(matrix), [turned(gradient), turned(later)], learningRate: 0.1),
      near: [0.306_787_49, 0.020_436_205, -1.004_046_7, -0.018_021_384, 1.957_613_8, -0.126_229_55], within: 2e-5)
  }

  @Test("Muon takes a kernel as a matrix, and makes all singular values about one")
  func kernels() throws {
    var random = PhiloxStream(Philox(seed: 3), name: .zero)
    let values = (0..<4 * 27).map { _ in Float(random.uniform() - 0.5) }
    let kernel = Tensor(shape: [4, 3, 3, 3], values: values), flat = kernel.reshaped(4, 27)
    let zero = Tensor(shape: kernel.shape, repeating: 0)
    let moved = steps(Muon(), zero, [kernel], learningRate: 1)
    #expect(moved.values == steps(Muon(), zero.reshaped(4, 27), [flat], learningRate: 1).values)
    let square = moved.reshaped(4, 27).linear(moved.reshaped(4, 27)).values
    for row in 0..<4 {
      for column in 0..<4 {
        #expect(row == column ? 0.4..<1.5 ~= square[row * 4 + column] : abs(square[row * 4 + column]) < 0.4)
      }
    }
  }

  @Test("Muon is for matrices and kernels, AdamW for embeddings, heads and vectors")
  func groups() throws {
    for name in ["decoder.layers.to_k.weight", "decoder.layers.self_dec.0.ffn.w1.weight"] {
      #expect(Muon.suits(name, [4, 4]))
    }
    #expect(Muon.suits("encoder.embeddings.patch_embeddings.projection.weight", [4, 3, 8, 8]))
    for name in ["decoder.embeddings.weight", "decoder.head.weight", "quantize.embedding.weight"] {
      #expect(!Muon.suits(name, [4, 4]))
    }
    #expect(!Muon.suits("norm.weight", [4]))
    #expect(!Muon.suits("encoder.embeddings.position_embeddings", [1, 5, 4]))

    var parameters = ["a.weight": matrix, "b": Tensor(shape: [3], repeating: 1), "still": matrix]
    var state: OptimizerState = [:]
    let groups = [
      ParameterGroup(Muon(), learningRate: 0.1, includes: Muon.suits),
      ParameterGroup(AdamW(), learningRate: 0.1, includes: { name, _ in name == "b" }),
    ]
    groups.update(
      &parameters,
      gradients: ["a.weight": gradient, "b": Tensor(shape: [3], values: [1, 0, -1]), "still": gradient],
      state: &state, step: 1, factor: 0.5)
    #expect(state["a.weight"]?.count == 1 && state["b"]?.count == 2 && state["still"] == nil)
    #expect(parameters["still"]?.values == matrix.values)
    let vector = try #require(parameters["b"])
    expect(vector, near: [0.95, 1, 1.05])
  }

  @Test("Gradients are scaled down together, and only where they are too long")
  func clipping() throws {
    let gradients = ["a": Tensor(shape: [2], values: [3, 0]), "b": Tensor(shape: [1], values: [-4])]
    #expect(gradients.globalNorm == 5)
    let clipped = gradients.clipped(to: 1, norm: 5)
    #expect(abs(clipped.globalNorm - 1) < 1e-6)
    let first = try #require(clipped["a"])
    expect(first, near: [0.6, 0])
    #expect(gradients.clipped(to: 5, norm: 5)["b"]?.values == [-4])
  }

  @Test("Schedules rise, then stay, fall in a line or along a cosine")
  func schedules() {
    func factors(_ course: LearningRateSchedule.Course) -> [Double] {
      let schedule = LearningRateSchedule(course, warmup: 2, steps: 6, last: 0.2)
      return (1...7).map { (schedule.factor(step: $0) * 1e6).rounded() / 1e6 }
    }
    #expect(factors(.constant) == [0.5, 1, 1, 1, 1, 1, 1])
    #expect(factors(.linear) == [0.5, 1, 0.8, 0.6, 0.4, 0.2, 0.2])
    #expect(factors(.cosine) == [0.5, 1, 0.882843, 0.6, 0.317157, 0.2, 0.2])
    #expect(LearningRateSchedule(.constant, steps: 3).factor(step: 1) == 1)
  }

  @Test("An average begins as the weights and follows them ever more slowly")
  func average() throws {
    let average = WeightEMA(decay: 0.5)
    var averages: [String: Tensor] = [:]
    for (index, value) in [1, 2, 4, 8].enumerated() {
      average.update(&averages, towards: ["w": Tensor(shape: [1], values: [Float(value)])], step: index + 1)
    }
    // Decays of 3/12, 4/13 and 5/14 behind the first.
    var expected = 1.0
    for (value, decay) in [(2.0, 3.0 / 12), (4.0, 4.0 / 13), (8.0, 5.0 / 14)] {
      expected = expected * decay + value * (1 - decay)
    }
    let found = try #require(averages["w"])
    expect(found, near: [Float(expected)])
    var late = ["w": Tensor(shape: [1], values: [1])]
    average.update(&late, towards: ["w": Tensor(shape: [1], values: [3])], step: 1000)
    #expect(late["w"]?.values == [2])
  }
}
