import ARPGTensor
import Testing

@Suite("Gradients against finite differences")
struct GradientTests {
  @Test func sums() {
    expectGradientsMatch([randomTensor(2, 3, seed: 1), randomTensor(2, 3, seed: 2)]) { $0[0] + $0[1] }
    expectGradientsMatch([randomTensor(2, 3, seed: 1), randomTensor(2, 3, seed: 2)]) { $0[0].adding($0[1], scale: -3) }
    expectGradientsMatch([randomTensor(4, seed: 1)]) { ($0[0] + $0[0].scaled(by: 2)).reshaped(2, 2) }
  }

  @Test func linear() {
    let inputs = [randomTensor(2, 3, 5, seed: 1), randomTensor(4, 5, seed: 2), randomTensor(4, seed: 3)]
    expectGradientsMatch(inputs) { $0[0].linear($0[1], bias: $0[2]) }
  }

  @Test func rowVectors() {
    expectGradientsMatch([randomTensor(3, 4, seed: 1), randomTensor(4, seed: 2)]) { $0[0].multiplyingRows($0[1]) }
  }

  @Test func norms() {
    expectGradientsMatch([randomTensor(3, 6, seed: 1), randomTensor(6, seed: 2)]) {
      $0[0].rmsNorm(gain: $0[1], eps: 1e-5)
    }
    expectGradientsMatch([randomTensor(3, 6, seed: 1), randomTensor(6, seed: 2), randomTensor(6, seed: 3)]) {
      $0[0].layerNorm(gain: $0[1], bias: $0[2], eps: 1e-6)
    }
  }

  @Test func activations() {
    expectGradientsMatch([randomTensor(9, seed: 1)]) { $0[0].silu() }
    expectGradientsMatch([randomTensor(9, seed: 1)]) { $0[0].gelu() }
    expectGradientsMatch([randomTensor(9, seed: 1)]) { $0[0].geluTanh() }
    expectGradientsMatch([randomTensor(9, seed: 1), randomTensor(9, seed: 2)]) { $0[0].siluMultiply($0[1]) }
  }

  @Test func dropout() {
    expectGradientsMatch([randomTensor(3, 100, seed: 1)]) {
      $0[0].dropout(rate: 0.3, generator: Philox(seed: 5), name: SIMD3(1, 2, 3))
    }
  }

  @Test("Dropout drops the share asked for, keeps the mean, and falls alike on a whole and its parts")
  func dropoutShare() {
    let generator = Philox(seed: 6), name = SIMD3<UInt32>(1, 2, 3), ones = Tensor(shape: [4, 4096], repeating: 1)
    let whole = ones.dropout(rate: 0.25, generator: generator, name: name).values
    let dropped = Double(whole.count { $0 == 0 }) / Double(whole.count)
    #expect(abs(dropped - 0.25) < 0.02)
    #expect(whole.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    let part = ones.slice(0..<1).dropout(rate: 0.25, generator: generator, name: name, offset: 2 * 4096).values
    #expect(part == Array(whole[8192..<12288]))
    // The lower half of the first word decides on the first value, the upper half of it on the seventeenth.
    let word = generator.words(at: SIMD4(0, 1, 2, 3)).x
    #expect((whole[0] == 0) == (word & 0xFFFF < 16384) && (whole[16] == 0) == (word >> 16 < 16384))
    #expect(ones.dropout(rate: 0.25, generator: generator, name: SIMD3(1, 2, 4)).values != whole)
  }

  @Test("Gradients that meet are added, also where they are one tensor")
  func meeting() {
    expectGradientsMatch([randomTensor(3, seed: 1)]) { inputs in
      let sum = inputs[0] + inputs[0]
      return (sum + sum) + (inputs[0] + sum)
    }
    expectGradientsMatch([randomTensor(2, 3, seed: 1)]) { inputs in
      let x = inputs[0]
      return x.silu() + (x + x.slice(0..<2)).scaled(by: 2) + x.reshaped(2, 3)
    }
  }

  @Test("Causal attention of more queries than a block")
  func longAttention() {
    let inputs = [randomTensor(1, 70, 4, seed: 1), randomTensor(1, 70, 4, seed: 2), randomTensor(1, 70, 4, seed: 3)]
    expectGradientsMatch(inputs) {
      $0[0].attend(KeyValues(keys: $0[1], values: $0[2]), heads: 2, causal: true)
    }
    expectGradientsMatch([randomTensor(1, 70, 4, seed: 1), inputs[1].slice(0..<1), inputs[2]]) {
      $0[0].attend(KeyValues(keys: $0[1], values: $0[2]), heads: 1, causal: false)
    }
  }

  @Test func rows() {
    expectGradientsMatch([randomTensor(4, 3, seed: 1)]) { $0[0].selectingRows([2, 0, 2, 3]) }
    expectGradientsMatch([randomTensor(2, 1, 3, seed: 1), randomTensor(2, 2, 3, seed: 2)]) { $0[0].joined(with: $0[1]) }
    expectGradientsMatch([randomTensor(4, 3, seed: 1)]) { $0[0].slice(1..<3) }
  }

  @Test func rotation() {
    let table = RotaryTable(rows: 2, columns: 3, headDim: 4, base: 100)
    expectGradientsMatch([randomTensor(2, 3, 8, seed: 1)]) { table.rotate($0[0], at: [0, 6, 4]) }
    expectGradientsMatch([randomTensor(2, 2, 8, seed: 1)]) { table.rotate($0[0], at: [1, 0, 5, 2]) }
  }

  @Test(arguments: [false, true]) func attention(causal: Bool) {
    let inputs = [randomTensor(2, 3, 4, seed: 1), randomTensor(2, 3, 4, seed: 2), randomTensor(2, 3, 4, seed: 3)]
    expectGradientsMatch(inputs) {
      $0[0].attend(KeyValues(keys: $0[1], values: $0[2]), heads: 2, causal: causal)
    }
  }

  @Test func crossEntropy() {
    expectGradientsMatch([randomTensor(3, 5, seed: 1)]) { $0[0].crossEntropy([4, 0, 2]) }
  }

  @Test("A leaf that the output does not depend on has a gradient of zeros")
  func unused() {
    let used = randomTensor(3, seed: 1).tracked(), unused = randomTensor(2, seed: 2).tracked()
    let loss = used.reshaped(1, 3).crossEntropy([1])
    let found = gradients(of: loss, withRespectTo: [unused, used])
    #expect(found[0].values == [0, 0])
    #expect(found[1].values.contains { $0 != 0 })
  }

  @Test("Nothing is recorded unless an input is tracked")
  func detached() {
    let x = randomTensor(2, 3, seed: 1), w = randomTensor(2, 3, seed: 2)
    #expect(!x.linear(w).isTracked)
    #expect(x.tracked().linear(w).isTracked && x.linear(w.tracked()).isTracked)
  }
}
