import ARPGKernels
import Testing

@Suite("Packed products give the bits of the scalar reference at every level")
struct PackedTests {
  /// A level of packed kernels that this machine has.
  struct Level: CustomTestStringConvertible {
    let name: String
    let kernels: arpg_packed

    var testDescription: String { name }

    static let available: [Level] = [
      ("AVX2", ARPG_PACKED_AVX2), ("AVX-512", ARPG_PACKED_AVX512), ("AVX-512 with VNNI", ARPG_PACKED_VNNI),
      ("AVX-512 with BF16", ARPG_PACKED_BF16),
      ("NEON", ARPG_PACKED_NEON), ("NEON with dot products", ARPG_PACKED_DOTPROD),
    ].compactMap { name, level in arpg_packed_at(level).map { Level(name: name, kernels: $0.pointee) } }
  }

  private static let panel = Int(ARPG_PANEL), group = Int(ARPG_GROUP), groupBytes = Int(ARPG_INT4_GROUP_BYTES)
  private static func panels(_ outputs: Int) -> Int { (outputs + panel - 1) / panel }
  private static func groups(_ inputs: Int) -> Int { (inputs + group - 1) / group }

  /// Rows rounded to bytes by some kernels.
  private struct Rounded {
    let values: GuardedArray<Int8>
    let scales: GuardedArray<Float>
    let sums: GuardedArray<Int32>
    let width: Int

    init(_ x: GuardedArray<Float>, ldx: Int, rows: Int, inputs: Int, _ kernels: arpg_packed) {
      width = groups(inputs) * group
      values = GuardedArray([Int8](repeating: 9, count: rows * width))
      scales = GuardedArray([Float](repeating: 9, count: rows * groups(inputs)))
      sums = GuardedArray([Int32](repeating: 9, count: rows * groups(inputs)))
      kernels.quantize(x.pointer, ldx, values.pointer, width, scales.pointer, sums.pointer, rows, inputs)
    }
  }

  private func reference() throws -> arpg_packed { try #require(arpg_packed_at(ARPG_PACKED_SCALAR)).pointee }

  @Test(arguments: Level.available) func products(_ level: Level) throws {
    let scalar = try reference()
    for inputs in [1, 2, 31, 32, 33, 64, 100, 257] {
      for outputs in [1, 15, 16, 17, 32, 33, 50] {
        let matrix = numbers(outputs * inputs, seed: UInt64(inputs + outputs))
        let panels = Self.panels(outputs), width = Self.groups(inputs) * Self.group
        let halves = GuardedArray([UInt16](repeating: 7, count: panels * Self.panel * inputs))
        let upper = GuardedArray([UInt16](repeating: 7, count: panels * Self.panel * ((inputs + 1) / 2) * 2))
        let bytes = GuardedArray([UInt8](repeating: 7, count: panels * Self.panel * width))
        let scales = GuardedArray([Float](repeating: 7, count: panels * Self.panel))
        let nibbles = GuardedArray([UInt8](repeating: 7, count: panels * Self.groups(inputs) * Self.groupBytes))
        arpg_pack_float16(matrix, halves.pointer, outputs, inputs)
        arpg_pack_bfloat16(matrix, upper.pointer, outputs, inputs)
        arpg_pack_int8(matrix, bytes.pointer, scales.pointer, outputs, inputs)
        arpg_pack_int4(matrix, nibbles.pointer, outputs, inputs)
        for rows in [1, 2, 3, 5, 8, 9, 17] {
          let (ldx, ldy) = (inputs + 3, outputs + 2)
          let x = GuardedArray(numbers((rows - 1) * ldx + inputs, seed: 4))
          let results = [scalar, level.kernels].map { kernels -> [[UInt32]] in
            let rounded = Rounded(x, ldx: ldx, rows: rows, inputs: inputs, kernels)
            let y = (0..<4).map { _ in GuardedArray([Float](repeating: 7, count: (rows - 1) * ldy + outputs)) }
            kernels.linear_float16(x.pointer, ldx, halves.pointer, y[0].pointer, ldy, rows, outputs, inputs)
            let even = (inputs + 1) / 2 * 2
            let values = GuardedArray([Float](repeating: 7, count: rows * even))
            let upperOfRows = GuardedArray([UInt16](repeating: 7, count: rows * even))
            kernels.round_bfloat16(x.pointer, ldx, values.pointer, upperOfRows.pointer, even, rows, inputs)
            kernels.linear_bfloat16(
              values.pointer, upperOfRows.pointer, even, upper.pointer, y[1].pointer, ldy, rows, outputs, inputs)
            kernels.linear_int8(
              rounded.values.pointer, rounded.width, rounded.scales.pointer, rounded.sums.pointer, bytes.pointer,
              scales.pointer, y[2].pointer, ldy, rows, outputs)
            kernels.linear_int4(
              rounded.values.pointer, rounded.width, rounded.scales.pointer, rounded.sums.pointer, nibbles.pointer,
              y[3].pointer, ldy, rows, outputs)
            return y.map { $0.bits(keepNaN: false) }
          }
          #expect(results[0] == results[1], "\(rows) rows, \(inputs) inputs, \(outputs) outputs")
        }
      }
    }
  }

  @Test(arguments: Level.available) func rounding(_ level: Level) throws {
    let scalar = try reference()
    let special: [[Float]] = [
      [0, 0, 0], [.nan, 1, 2], [.infinity, 1], [-.infinity, .nan], [.leastNonzeroMagnitude, 0],
      [1e-38, -1e-38, .leastNormalMagnitude],
      [.greatestFiniteMagnitude, -1], [1, -1, 0.5, 0.5 / 127, 1.5 / 127, 2.5 / 127],
      extremes(100, seed: 3).map { $0.isFinite ? $0 : 1 },
      numbers(257, seed: 6, scale: 1e-30), numbers(64, seed: 7, scale: 1e30),
    ]
    for row in special {
      let x = GuardedArray(row)
      let (one, other) = (
        Rounded(x, ldx: row.count, rows: 1, inputs: row.count, scalar),
        Rounded(x, ldx: row.count, rows: 1, inputs: row.count, level.kernels)
      )
      #expect(one.values.values == other.values.values, "\(row.prefix(8))")
      #expect(one.scales.bits(keepNaN: false) == other.scales.bits(keepNaN: false), "\(row.prefix(8))")
      #expect(one.sums.values == other.sums.values)
    }
  }

  @Test("The reference rounds to the nearest, and its integers are exact")
  func referenceOfIntegers() throws {
    let kernels = try reference()
    let x: [Float] = [1, -1, 0.5, 0.25, 0, 100.4 / 127]
    let rounded = Rounded(GuardedArray(x), ldx: 6, rows: 1, inputs: 6, kernels)
    #expect(Array(rounded.values.values.prefix(7)) == [127, -127, 64, 32, 0, 100, 0])
    #expect(rounded.sums.values == [196])
    #expect(rounded.scales.values == [1 / 127])
    // Weights that are whole numbers of their scale are kept exactly.
    let matrix: [Float] = [127, -127, 3, 0, 1, 2, 0, 0, 0, 0, 0, 254]
    var bytes = [UInt8](repeating: 0, count: 16 * 32), scales = [Float](repeating: 0, count: 16)
    arpg_pack_int8(matrix, &bytes, &scales, 2, 6)
    #expect(Array(scales[..<2]) == [1, 2])
    var y = [Float](repeating: 0, count: 2)
    kernels.linear_int8(
      rounded.values.pointer, 32, rounded.scales.pointer, rounded.sums.pointer, bytes, scales, &y, 2, 1, 2)
    // 127 * 127 + 127 * 127 + 3 * 64 + 2 * 0 + 2 * 100, and 100 * 127 of scale 2, in steps of x of 1 / 127.
    let expected: [Float] = [32650, 25400]
    for (found, sum) in zip(y, expected) { #expect(abs(found - sum / 127) < 1e-3) }
  }

  @Test("Halves are packed as they are, at any address and in any size")
  func packingHalves() {
    for (outputs, inputs) in [(1, 1), (8, 8), (16, 8), (16, 19), (33, 24), (48, 7), (17, 40)] {
      let bits = (0..<outputs * inputs).map { UInt16(truncatingIfNeeded: 40503 &* ($0 + 1)) }
      // One byte further than halves like to stand.
      var bytes = [UInt8(0)] + bits.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
      let panels = GuardedArray([UInt16](repeating: 7, count: Self.panels(outputs) * Self.panel * inputs))
      bytes.withUnsafeMutableBytes { arpg_pack_halves($0.baseAddress! + 1, panels.pointer, outputs, inputs) }
      for panel in 0..<Self.panels(outputs) {
        for input in 0..<inputs {
          for lane in 0..<Self.panel {
            let output = panel * Self.panel + lane
            #expect(
              panels.pointer[(panel * inputs + input) * Self.panel + lane]
                == (output < outputs ? bits[output * inputs + input] : 0))
          }
        }
      }
    }
  }

  @Test("A half that is not finite is found wherever it stands", arguments: [1, 7, 8, 33])
  func finiteHalves(count: Int) {
    var halves = [UInt16](repeating: 0x7bff, count: count)
    for index in 0..<count {
      #expect(arpg_halves_below(halves, count, 0x7c00) == 1)
      for bits: UInt16 in [0x7c00, 0xfc00, 0x7e00, 0xffff] {
        halves[index] = bits
        #expect(arpg_halves_below(halves, count, 0x7c00) == 0)
      }
      halves[index] = 0xfbff
    }
  }

  @Test("What is unpacked is what was packed, within half a step")
  func unpacking() {
    for (outputs, inputs) in [(1, 1), (17, 33), (40, 96), (16, 31)] {
      let matrix = numbers(outputs * inputs, seed: 9, scale: 3)
      let panels = Self.panels(outputs)
      func compare(_ allowed: (_ row: ArraySlice<Float>) -> Float, _ unpack: (UnsafeMutablePointer<Float>) -> Void) {
        var found = [Float](repeating: .nan, count: matrix.count)
        unpack(&found)
        for output in 0..<outputs {
          let row = matrix[output * inputs..<(output + 1) * inputs], limit = allowed(row)
          for index in row.indices { #expect(abs(found[index] - matrix[index]) <= limit) }
        }
      }
      var halves = [UInt16](repeating: 0, count: panels * 16 * (inputs + 1))
      arpg_pack_float16(matrix, &halves, outputs, inputs)
      compare({ _ in 3 / 2048 }) { arpg_unpack_float16(halves, $0, outputs, inputs) }
      arpg_pack_bfloat16(matrix, &halves, outputs, inputs)
      compare({ _ in 3 / 256 }) { arpg_unpack_bfloat16(halves, $0, outputs, inputs) }
      var bytes = [UInt8](repeating: 0, count: panels * 16 * Self.groups(inputs) * 32)
      var scales = [Float](repeating: 0, count: panels * 16)
      arpg_pack_int8(matrix, &bytes, &scales, outputs, inputs)
      compare({ row in (row.map(abs).max() ?? 0) / 127 * 0.5001 }) {
        arpg_unpack_int8(bytes, scales, $0, outputs, inputs)
      }
      var nibbles = [UInt8](repeating: 0, count: panels * Self.groups(inputs) * Self.groupBytes)
      arpg_pack_int4(matrix, &nibbles, outputs, inputs)
      // The range may be cut by a tenth at each end.
      compare({ row in ((row.max() ?? 0) - (row.min() ?? 0) + 3) * 0.15 }) {
        arpg_unpack_int4(nibbles, $0, outputs, inputs)
      }
    }
  }
}
