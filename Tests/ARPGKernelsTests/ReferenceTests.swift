import ARPGKernels
import Foundation
import Testing

@Suite("The scalar reference agrees with double precision")
struct ReferenceTests {
  private func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

  /// Expects every value within an absolute tolerance.
  private func expectClose(_ found: [Float], _ expected: [Double], within tolerance: Double) {
    #expect(found.count == expected.count)
    for (index, pair) in zip(found, expected).enumerated() where !(abs(Double(pair.0) - pair.1) <= tolerance) {
      Issue.record("element \(index) is \(pair.0), expected \(pair.1) within \(tolerance)")
      return
    }
  }

  @Test func linearIsADotProduct() throws {
    let (rows, inputs, outputs) = (3, 1000, 5)
    let (x, w) = (numbers(rows * inputs, seed: 1), numbers(outputs * inputs, seed: 2))
    var y = [Float](repeating: 0, count: rows * outputs)
    try reference().linear(x, inputs, w, &y, outputs, rows, outputs, inputs)
    let expected = (0..<rows * outputs).map { index in
      (0..<inputs).reduce(0.0) {
        $0 + Double(x[index / outputs * inputs + $1]) * Double(w[index % outputs * inputs + $1])
      }
    }
    expectClose(y, expected, within: 1e-5)
  }

  /// For negative x, silu(x) / x is close to exp(x): this bounds the error of the exponential over its whole range.
  @Test func siluIsWithinFourUnitsOfTheLastPlace() throws {
    let x = (-87_200...87_200).map { Float($0) / 1000 }
    var y = x
    try reference().silu(x, &y, x.count)
    for (x, y) in zip(x, y) where x != 0 {
      let expected = silu(Double(x))
      #expect(abs(Double(y) - expected) <= 2.4e-7 * abs(expected), "silu(\(x)) is \(y)")
    }
  }

  @Test func geluIsThatOfTheNormalDistribution() throws {
    let x = (-6000...6000).map { Float($0) / 1000 }
    let ones = [Float](repeating: 1, count: x.count)
    var y = x, slope = x
    try reference().gelu(x, &y, x.count)
    try reference().gelu_gradient(x, ones, &slope, x.count)
    let below = x.map { 0.5 * (1 + erf(Double($0) / 2.0.squareRoot())) }
    expectClose(y, zip(x, below).map { Double($0) * $1 }, within: 1e-6)
    let density = x.map { exp(-0.5 * Double($0) * Double($0)) / (2 * Double.pi).squareRoot() }
    expectClose(slope, zip(zip(x, density), below).map { Double($0.0) * $0.1 + $1 }, within: 1e-6)
  }

  @Test func geluIsItsTanhApproximation() throws {
    let x = numbers(2000, seed: 3, scale: 8)
    var y = x
    try reference().gelu_tanh(x, &y, x.count)
    let expected = x.map { value in
      let x = Double(value)
      return 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    }
    expectClose(y, expected, within: 2e-6)
  }

  @Test func softmaxSumsToOneAndMaskedColumnsAreZero() throws {
    var x = numbers(1025, seed: 4, scale: 10)
    for index in stride(from: 0, to: x.count, by: 5) { x[index] = -.infinity }
    let scale = 0.6
    let weights = x.map { exp(Double($0) * scale) }
    let total = weights.reduce(0, +)
    try reference().softmax(&x, x.count, Float(scale), 1, x.count)
    expectClose(x, weights.map { $0 / total }, within: 1e-7)
    #expect(stride(from: 0, to: x.count, by: 5).allSatisfy { x[$0] == 0 })
  }

  @Test func exponentialsInDoublePrecision() throws {
    let tenths = (0...7100).map { Float(-$0) / 10 }, thousandths = (0...1000).map { Float(-$0) / 1000 }
    let x = tenths + thousandths + [-.infinity, .nan, -.greatestFiniteMagnitude]
    for largest: Float in [0, 3.3, -20] {
      let shifted = x.map { $0 + largest }
      var weights = [Double](repeating: .nan, count: x.count)
      let total = try reference().exponentials(shifted, largest, &weights, x.count)
      let expected = shifted.map { $0.isNaN ? 0 : exp(Double($0) - Double(largest)) }
      for (weight, expected) in zip(weights, expected) {
        let difference = abs(weight - expected), allowed = max(1e-307, 4e-16 * expected)
        #expect(difference <= allowed)
      }
      #expect(abs(total - expected.reduce(0, +)) < 1e-13 * total)
      #expect(weights[0] == 1)
    }
  }

  @Test func normsOfRows() throws {
    let dim = 1000
    let (x, gain, bias) = (numbers(dim, seed: 5, scale: 4), numbers(dim, seed: 6), numbers(dim, seed: 7))
    var y = x
    try reference().rms_norm(x, gain, 1e-5, &y, 1, dim)
    let square = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(dim)
    expectClose(y, zip(x, gain).map { Double($0) / (square + 1e-5).squareRoot() * Double($1) }, within: 1e-6)

    try reference().layer_norm(x, gain, bias, 1e-6, &y, 1, dim)
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(dim)
    let scale = 1 / (x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(dim) + 1e-6).squareRoot()
    expectClose(
      y, x.indices.map { (Double(x[$0]) - mean) * scale * Double(gain[$0]) + Double(bias[$0]) }, within: 1e-6)
  }

  @Test func groupNormOfManyValuesFarFromZero() throws {
    let (channels, pixels) = (4, 40_000)
    let x = numbers(channels * pixels, seed: 8).map { $0 + 100 }
    let (gain, bias) = (numbers(channels, seed: 9), numbers(channels, seed: 10))
    var y = x
    try reference().group_norm(x, gain, bias, 1e-6, 1, &y, channels, pixels)
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
    let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.count)
    let scale = 1 / (variance + 1e-6).squareRoot()
    let expected = x.indices.map { index in
      silu((Double(x[index]) - mean) * scale * Double(gain[index / pixels]) + Double(bias[index / pixels]))
    }
    expectClose(y, expected, within: 1e-5)
  }

  @Test func rotationTurnsPairs() throws {
    let angles = (0..<24).map { Double($0) * 0.37 }
    let table = angles.flatMap { [Float(cos($0)), Float(sin($0))] }
    let x = numbers(96, seed: 11)
    var y = x
    try reference().rotate(x, table, &y, 2, 48)
    let expected = x.indices.map { index in
      let (a, b, angle) = (Double(x[index & ~1]), Double(x[index | 1]), angles[index % 48 / 2])
      return index % 2 == 0 ? a * cos(angle) - b * sin(angle) : b * cos(angle) + a * sin(angle)
    }
    expectClose(y, expected, within: 3e-7)
  }

  @Test(arguments: [12, 17, 40]) func attentionInHalvesIsNearThatInFloats(seen: Int) throws {
    let (queries, keys, dim, first, padded) = (6, 40, 48, 11, 48)
    let (q, k, v) = (numbers(queries * dim, seed: 12), numbers(keys * dim, seed: 13), numbers(keys * dim, seed: 14))
    var halfKeys = [UInt16](repeating: 0, count: padded * dim), halfValues = [UInt16](repeating: 0, count: keys * dim)
    var found = [Float](repeating: 0, count: queries * dim), expected = found
    var scratch = [Float](repeating: 0, count: ARPG_ATTEND_QUERIES * padded)
    for key in 0..<keys {
      let row = key * dim..<(key + 1) * dim
      try reference().remember_halves(Array(k[row]), Array(v[row]), &halfKeys, &halfValues, key, dim)
    }
    try reference().attend_halves(
      q, dim, halfKeys, halfValues, &found, dim, queries, first, keys, dim, 0.15, seen, &scratch)
    let (seenKeys, seenValues) = (Array(k[(first * dim)...]), Array(v[(first * dim)...]))
    try reference().attend(
      q, dim, seenKeys, seenValues, dim, &expected, dim, queries, keys - first, dim, 0.15, seen - first, &scratch)
    expectClose(found, expected.map(Double.init), within: 5e-4)
  }

  @Test(arguments: [1, 7, 40]) func attentionIsAWeightedMean(seen: Int) throws {
    let (queries, keys, dim, scale) = (6, 40, 48, 0.15)
    let (q, k, v) = (numbers(queries * dim, seed: 12), numbers(keys * dim, seed: 13), numbers(keys * dim, seed: 14))
    var out = [Float](repeating: 0, count: queries * dim)
    var scratch = [Float](repeating: 0, count: ARPG_ATTEND_QUERIES * keys)
    try reference().attend(q, dim, k, v, dim, &out, dim, queries, keys, dim, Float(scale), seen, &scratch)
    var expected: [Double] = []
    for query in 0..<queries {
      let weights = (0..<min(keys, seen + query)).map { key in
        exp(scale * (0..<dim).reduce(0.0) { $0 + Double(q[query * dim + $1]) * Double(k[key * dim + $1]) })
      }
      let total = weights.reduce(0, +)
      for column in 0..<dim {
        expected.append(weights.indices.reduce(0.0) { $0 + weights[$1] * Double(v[$1 * dim + column]) } / total)
      }
    }
    expectClose(out, expected, within: 1e-6)
  }

  @Test func everyHalfIsItsValue() throws {
    let halves = Array(0...UInt16.max)
    var y = [Float](repeating: 7, count: halves.count)
    try reference().from_float16(halves, &y, halves.count)
    for (half, value) in zip(halves, y) {
      let (exponent, fraction) = (Int(half >> 10 & 31), Double(half & 1023))
      let magnitude = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * pow(2, Double(exponent - 25))
      #expect(value.sign == (half >> 15 == 1 ? .minus : .plus))
      if exponent == 31 {
        #expect(fraction == 0 ? value.isInfinite : value.isNaN && !value.isSignalingNaN)
      } else {
        #expect(Double(value.magnitude) == magnitude, "half \(half) is \(value)")
      }
    }
    try reference().from_bfloat16(halves, &y, halves.count)
    #expect(y.map(\.bitPattern) == halves.map { UInt32($0) << 16 })
  }

  @Test func finiteness() throws {
    var x = numbers(100, seed: 15)
    #expect(try reference().all_finite(x, x.count) == 1)
    for value in [Float.nan, .infinity, -.infinity] {
      x[99] = value
      #expect(try reference().all_finite(x, x.count) == 0)
      #expect(try reference().all_finite(x, 99) == 1)
    }
  }

  @Test func theBestLevelIsThere() throws {
    #expect(arpg_kernels_at(arpg_best_simd_level()) == arpg_best_kernels())
    #expect(arpg_kernels_at(arpg_simd_level(rawValue: 99)) == nil)
  }
}
