import ARPGKernels
import Testing

@Suite("Every level gives the bits of the scalar reference")
struct LevelTests {
  /// Runs a kernel on the reference and on a level, each on its own copy of an output, and compares all of it. Any two
  /// values that are not numbers count as the same unless keepNaN asks for their bits.
  private func expectSameBits(
    _ level: Level, output: [Float], _ what: String, keepNaN: Bool = false,
    _ run: (arpg_kernels, UnsafeMutablePointer<Float>) -> Void
  ) throws {
    let expected = GuardedArray(output)
    let found = GuardedArray(output)
    run(try reference(), expected.pointer)
    run(level.kernels, found.pointer)
    #expect(found.bits(keepNaN: keepNaN) == expected.bits(keepNaN: keepNaN), "\(what)")
  }

  @Test(arguments: Level.available) func linear(_ level: Level) throws {
    for rows in [1, 2, 3, 4, 5, 7, 8, 9, 17] {
      for inputs in widths {
        for outputs in [1, 2, 3, 4, 5, 8, 16, 33] {
          try expectLinear(level, rows: rows, inputs: inputs, outputs: outputs)
        }
      }
    }
  }

  @Test(arguments: Level.available) func linearOfMoreRowsThanFitTheCache(_ level: Level) throws {
    try expectLinear(level, rows: 70, inputs: 2816, outputs: 9)
  }

  private func expectLinear(_ level: Level, rows: Int, inputs: Int, outputs: Int) throws {
    let (ldx, ldy) = (inputs + 3, outputs + 2)
    let x = GuardedArray(numbers((rows - 1) * ldx + inputs, seed: 1))
    let w = GuardedArray(numbers(outputs * inputs, seed: 2))
    let y = [Float](repeating: 7, count: (rows - 1) * ldy + outputs)
    try expectSameBits(level, output: y, "\(rows) rows, \(inputs) inputs, \(outputs) outputs") {
      $0.linear(x.pointer, ldx, w.pointer, $1, ldy, rows, outputs, inputs)
    }
  }

  @Test(arguments: Level.available) func productsThatUnderflow(_ level: Level) throws {
    for inputs in widths {
      let x = GuardedArray(numbers(inputs, seed: 3, scale: 1e-30))
      let y = [Float](repeating: 7, count: 1)
      try expectSameBits(level, output: y, "\(inputs) inputs") {
        $0.linear(x.pointer, inputs, x.pointer, $1, 1, 1, 1, inputs)
      }
      let negative = GuardedArray([Float](repeating: -1e-30, count: inputs))
      let positive = GuardedArray([Float](repeating: 1e-30, count: inputs))
      try expectSameBits(level, output: y, "\(inputs) negative inputs") {
        $0.linear(negative.pointer, inputs, positive.pointer, $1, 1, 1, 1, inputs)
      }
    }
  }

  @Test(arguments: Level.available) func normalizations(_ level: Level) throws {
    for dim in widths + [1024] {
      for rows in [1, 3] {
        let x = GuardedArray(numbers(rows * dim, seed: 4, scale: 3))
        let (gain, bias) = (GuardedArray(numbers(dim, seed: 5)), GuardedArray(numbers(dim, seed: 6)))
        let y = [Float](repeating: 7, count: rows * dim)
        try expectSameBits(level, output: y, "rms_norm, \(rows) rows of \(dim)") {
          $0.rms_norm(x.pointer, gain.pointer, 1e-5, $1, rows, dim)
        }
        try expectSameBits(level, output: y, "layer_norm, \(rows) rows of \(dim)") {
          $0.layer_norm(x.pointer, gain.pointer, bias.pointer, 1e-6, $1, rows, dim)
        }
      }
    }
  }

  @Test(arguments: Level.available, [0, 1] as [Int32]) func groupNormalization(_ level: Level, silu: Int32) throws {
    for pixels in widths + [1024] {
      for channels in [1, 2, 3, 4, 16] {
        let x = GuardedArray(numbers(channels * pixels, seed: 7, scale: 5))
        let (gain, bias) = (GuardedArray(numbers(channels, seed: 8)), GuardedArray(numbers(channels, seed: 9)))
        let y = [Float](repeating: 7, count: channels * pixels)
        try expectSameBits(level, output: y, "\(channels) channels of \(pixels) pixels") {
          $0.group_norm(x.pointer, gain.pointer, bias.pointer, 1e-6, silu, $1, channels, pixels)
        }
        // The slope of the input, then those of gain and bias, in one array.
        let dy = numbers(channels * pixels, seed: 10)
        let output = dy + [Float](repeating: 7, count: 2 * channels)
        try expectSameBits(level, output: output, "gradients of \(channels) x \(pixels)") {
          let gains = $1 + channels * pixels
          $0.group_norm_gradient(
            x.pointer, gain.pointer, bias.pointer, 1e-6, silu, $1, $1, gains, gains + channels, channels, pixels)
        }
      }
    }
  }

  @Test(arguments: Level.available) func products(_ level: Level) throws {
    for (rows, columns, inner) in [(1, 1, 1), (2, 15, 3), (5, 16, 7), (6, 17, 256), (13, 49, 257), (24, 64, 600)] {
      for (aTurned, bTurned) in [(false, false), (true, false), (false, true), (true, true)] {
        let a = GuardedArray(numbers(rows * inner, seed: 30)), b = GuardedArray(numbers(inner * columns, seed: 31))
        for add in [0, 1] as [Int32] {
          try expectSameBits(
            level, output: numbers(rows * (columns + 2) - 2, seed: 32), "\(rows) x \(inner) x \(columns), add \(add)"
          ) {
            $0.multiply(
              a.pointer, aTurned ? 1 : inner, aTurned ? rows : 1, b.pointer, bTurned ? 1 : columns,
              bTurned ? inner : 1, $1, columns + 2, rows, columns, inner, add)
          }
        }
      }
    }
  }

  @Test(arguments: Level.available) func activations(_ level: Level) throws {
    for count in [0] + widths + [5000] {
      let (a, b) = (GuardedArray(extremes(count, seed: 10)), GuardedArray(numbers(count, seed: 11)))
      let y = numbers(count, seed: 12)
      try expectSameBits(level, output: y, "silu of \(count)") { $0.silu(a.pointer, $1, count) }
      try expectSameBits(level, output: y, "gelu_tanh of \(count)") { $0.gelu_tanh(a.pointer, $1, count) }
      try expectSameBits(level, output: y, "gelu of \(count)") { $0.gelu(a.pointer, $1, count) }
      try expectSameBits(level, output: y, "gelu's gradient of \(count)") {
        $0.gelu_gradient(a.pointer, b.pointer, $1, count)
      }
      try expectSameBits(level, output: y, "gelu_tanh's gradient of \(count)") {
        $0.gelu_tanh_gradient(a.pointer, b.pointer, $1, count)
      }
      try expectSameBits(level, output: y, "silu_multiply of \(count)") {
        $0.silu_multiply(a.pointer, b.pointer, $1, count)
      }
      try expectSameBits(level, output: y, "add_scaled of \(count)") { $0.add_scaled(a.pointer, 0.3, $1, count) }
      try expectSameBits(level, output: a.values, "silu of \(count) in place") { $0.silu($1, $1, count) }
      try expectSameBits(level, output: b.values, "silu_multiply of \(count) in place") {
        $0.silu_multiply(a.pointer, $1, $1, count)
      }
    }
  }

  @Test(arguments: Level.available) func softmax(_ level: Level) throws {
    for columns in widths + [1025] {
      for rows in [1, 2, 5] {
        let ldx = columns + 3
        var x = numbers((rows - 1) * ldx + columns, seed: 13, scale: 40)
        try expectSameBits(level, output: x, "\(rows) rows of \(columns)") { $0.softmax($1, ldx, 0.7, rows, columns) }
        for index in x.indices where index % 3 != 1 { x[index] = -.infinity }
        try expectSameBits(level, output: x, "\(rows) rows of \(columns), much of them masked") {
          $0.softmax($1, ldx, 0.7, rows, columns)
        }
        for index in stride(from: 5, to: x.count, by: 19) { x[index] = .nan }
        try expectSameBits(level, output: x, "\(rows) rows of \(columns), with NaN") {
          $0.softmax($1, ldx, 1, rows, columns)
        }
      }
    }
  }

  @Test(arguments: Level.available) func exponentials(_ level: Level) throws {
    let scalar = try #require(arpg_kernels_at(ARPG_SIMD_SCALAR)).pointee
    for count in widths + [4096] {
      for special: Float in [0, -.infinity, .nan, -800] {
        var x = numbers(count, seed: 15, scale: 40)
        for index in x.indices where index % 5 == 2 && special != 0 { x[index] = special }
        let largest = x.filter { !$0.isNaN }.max() ?? 0
        let guarded = GuardedArray(x)
        let expected = GuardedArray([Double](repeating: 7, count: count)), found = GuardedArray(expected.values)
        let sums = [(scalar, expected), (level.kernels, found)].map { kernels, weights in
          kernels.exponentials(guarded.pointer, largest, weights.pointer, count).bitPattern
        }
        #expect(sums[0] == sums[1], "\(count) with \(special)")
        #expect(
          expected.values.map(\.bitPattern) == found.values.map(\.bitPattern), "\(count) with \(special)")
      }
    }
  }

  @Test(arguments: Level.available) func gradients(_ level: Level) throws {
    for dim in widths {
      for rows in [1, 3] {
        let count = rows * dim
        let (x, gain) = (GuardedArray(numbers(count, seed: 20, scale: 4)), GuardedArray(numbers(dim, seed: 21)))
        let (dy, zeros) = (GuardedArray(numbers(count, seed: 22)), [Float](repeating: 0, count: count))
        try expectSameBits(level, output: numbers(dim, seed: 23), "dgain, \(rows) x \(dim)") { kernels, dgain in
          let dx = GuardedArray(zeros)
          kernels.rms_norm_gradient(x.pointer, gain.pointer, 1e-5, dy.pointer, dx.pointer, dgain, rows, dim)
        }
        try expectSameBits(level, output: zeros, "dx, \(rows) x \(dim)") { kernels, dx in
          let dgain = GuardedArray(numbers(dim, seed: 23))
          kernels.rms_norm_gradient(x.pointer, gain.pointer, 1e-5, dy.pointer, dx, dgain.pointer, rows, dim)
        }
        try expectSameBits(level, output: dy.values, "softmax_gradient, \(rows) x \(dim)") {
          $0.softmax_gradient(x.pointer, $1, dim, 0.3, rows, dim)
        }
      }
      let (a, b) = (GuardedArray(extremes(dim, seed: 24)), GuardedArray(numbers(dim, seed: 25)))
      let dy = GuardedArray(numbers(dim, seed: 26)), other = GuardedArray(numbers(dim, seed: 27))
      try expectSameBits(level, output: dy.values, "the gate's gradient of \(dim), in place") {
        $0.silu_multiply_gradient(a.pointer, b.pointer, $1, $1, other.pointer, dim)
      }
      try expectSameBits(level, output: dy.values, "the value's gradient of \(dim), in place") {
        $0.silu_multiply_gradient(a.pointer, b.pointer, $1, other.pointer, $1, dim)
      }
    }
  }

  @Test(arguments: Level.available) func dropout(_ level: Level) throws {
    for count in widths + [127, 128, 129, 1000] {
      let x = GuardedArray(numbers(count, seed: 28))
      let (key, counter): ([UInt32], [UInt32]) = ([7, .max], [.max - 20, 3, 5, 9])
      try expectSameBits(level, output: [Float](repeating: 7, count: count), "dropout of \(count)") {
        $0.dropout(x.pointer, key, counter, 20_000, 1.5, $1, count)
      }
    }
  }

  @Test(arguments: Level.available) func rotation(_ level: Level) throws {
    for headDim in [2, 4, 14, 16, 18, 48, 64, 100] {
      for heads in [1, 3] {
        let x = GuardedArray(numbers(heads * headDim, seed: 14))
        let table = GuardedArray(numbers(headDim, seed: 15))
        try expectSameBits(level, output: [Float](repeating: 7, count: heads * headDim), "\(heads) x \(headDim)") {
          $0.rotate(x.pointer, table.pointer, $1, heads, headDim)
        }
        try expectSameBits(level, output: x.values, "\(heads) x \(headDim) in place") {
          $0.rotate($1, table.pointer, $1, heads, headDim)
        }
      }
    }
  }

  @Test(arguments: Level.available, [1, 3, 1025]) func attention(_ level: Level, seen: Int) throws {
    for queries in [1, 2, 3, 4, 5, 9, 17] {
      for keys in [1, 3, 4, 15, 16, 17, 33] + (queries == 5 ? [257, 1025] : []) {
        for headDim in [1, 3, 16, 17, 48, 64, 100] {
          let (ldq, ldkv, ldo) = (headDim + 5, headDim + 3, headDim + 1)
          let q = GuardedArray(numbers((queries - 1) * ldq + headDim, seed: 16, scale: 2))
          let k = GuardedArray(numbers((keys - 1) * ldkv + headDim, seed: 17, scale: 2))
          let v = GuardedArray(numbers((keys - 1) * ldkv + headDim, seed: 18))
          let scratch = GuardedArray([Float](repeating: 7, count: ARPG_ATTEND_QUERIES * keys))
          let out = [Float](repeating: 7, count: (queries - 1) * ldo + headDim)
          try expectSameBits(level, output: out, "\(queries) queries, \(keys) keys, head of \(headDim)") {
            $0.attend(
              q.pointer, ldq, k.pointer, v.pointer, ldkv, $1, ldo, queries, keys, headDim, 0.2, min(seen, keys),
              scratch.pointer)
          }
        }
      }
    }
  }

  @Test(arguments: Level.available, [1, 5, 1025]) func attentionInHalves(_ level: Level, seen: Int) throws {
    let panel = Int(ARPG_KEY_PANEL)
    for queries in [1, 2, 3, 4, 5, 9] {
      for keys in [1, 3, 15, 16, 17, 33, 70] {
        for (headDim, first) in [(1, 0), (3, 2), (16, 4), (17, 0), (64, 4), (100, 20)] {
          let seen = min(seen, keys), first = min(first, seen - 1), panels = (keys + panel - 1) / panel * panel
          let (ldq, ldo) = (headDim + 5, headDim + 1)
          let q = GuardedArray(numbers((queries - 1) * ldq + headDim, seed: 16, scale: 2))
          // Some of them too large for a half.
          let pairs = (0..<keys).map { key -> [GuardedArray<Float>] in
            let scale: Float = key == 3 ? 1e6 : 2
            return [UInt64(20), 120].map { GuardedArray(numbers(headDim, seed: $0 + UInt64(key), scale: scale)) }
          }
          let scratch = GuardedArray([Float](repeating: 7, count: ARPG_ATTEND_QUERIES * panels))
          let out = [Float](repeating: 7, count: (queries - 1) * ldo + headDim)
          try expectSameBits(level, output: out, "\(queries) queries, \(keys) keys, head of \(headDim)") {
            let k = GuardedArray([UInt16](repeating: 0, count: panels * headDim))
            let v = GuardedArray([UInt16](repeating: 0, count: keys * headDim))
            for (position, pair) in pairs.enumerated() {
              $0.remember_halves(pair[0].pointer, pair[1].pointer, k.pointer, v.pointer, position, headDim)
            }
            $0.attend_halves(
              q.pointer, ldq, k.pointer, v.pointer, $1, ldo, queries, first, keys, headDim, 0.2, seen, scratch.pointer)
          }
        }
      }
    }
  }

  @Test(arguments: Level.available) func everyHalf(_ level: Level) throws {
    for count in [1, 7, 16, 17, 31, 1 << 16] {
      let x = GuardedArray((0..<count).map { UInt16($0 * ((1 << 16) / count)) })
      let zeros = [Float](repeating: 0, count: count)
      try expectSameBits(level, output: zeros, "from_float16, \(count) values", keepNaN: true) {
        $0.from_float16(x.pointer, $1, count)
      }
      try expectSameBits(level, output: zeros, "from_bfloat16, \(count) values", keepNaN: true) {
        $0.from_bfloat16(x.pointer, $1, count)
      }
    }
  }

  @Test(arguments: Level.available) func finiteness(_ level: Level) throws {
    for count in [0] + widths {
      let x = GuardedArray(numbers(count, seed: 19, scale: .greatestFiniteMagnitude))
      #expect(level.kernels.all_finite(x.pointer, count) == 1, "\(count) values")
      for index in 0..<count {
        for value in [Float.nan, .infinity, -.infinity, Float(bitPattern: 0x7f80_0001)] {
          let before = x.pointer[index]
          x.pointer[index] = value
          #expect(level.kernels.all_finite(x.pointer, count) == 0, "\(value) at \(index) of \(count)")
          x.pointer[index] = before
        }
      }
    }
  }
}
