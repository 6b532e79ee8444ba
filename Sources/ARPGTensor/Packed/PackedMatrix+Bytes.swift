import ARPGKernels
import Synchronization

extension PackedMatrix {
  /// A matrix whose bytes stay valid and unchanged as long as `owner` lives: a mapped file, for example. Bytes that do not begin at a
  /// multiple of four are copied.
  ///
  /// - Parameters:
  ///   - bytes: as ``withBytes(_:)`` gives them. Traps where their number is another.
  ///   - owner: keeps them.
  ///   - outputs: the rows of the matrix.
  ///   - inputs: its columns.
  ///   - precision: of the weights.
  package init(
    borrowing bytes: UnsafeRawBufferPointer, from owner: any AnyObject & Sendable, outputs: Int, inputs: Int,
    as precision: WeightPrecision
  ) {
    precondition(
      bytes.count == Self.byteCount(outputs: outputs, inputs: inputs, as: precision),
      "\(bytes.count) bytes are no [\(outputs), \(inputs)] in \(precision.rawValue)")
    let isAligned = Int(bitPattern: bytes.baseAddress).isMultiple(of: MemoryLayout<Float>.alignment)
    let storage: TensorStorage
    if isAligned {
      storage = TensorStorage(borrowing: bytes.bindMemory(to: Float.self), from: owner)
    } else {
      storage = TensorStorage(count: bytes.count / MemoryLayout<Float>.stride)
      UnsafeMutableRawBufferPointer(start: storage.base, count: bytes.count).copyMemory(from: bytes)
    }
    self.init(storage, outputs: outputs, inputs: inputs, as: precision)
  }

  /// Weights that are in half precision, one output after another, at any address.
  ///
  /// - Parameters:
  ///   - halves: as many bytes as twice the weights. Traps where their number is another.
  ///   - outputs: the rows of the matrix.
  ///   - inputs: its columns.
  package init(halves: UnsafeRawBufferPointer, outputs: Int, inputs: Int) {
    precondition(halves.count == 2 * outputs * inputs, "\(halves.count) bytes are no [\(outputs), \(inputs)] in f16")
    let bytes = Self.byteCount(outputs: outputs, inputs: inputs, as: .float16)
    self.init(
      TensorStorage(count: bytes / MemoryLayout<Float>.stride), outputs: outputs, inputs: inputs, as: .float16)
    guard let base = halves.baseAddress else { return }
    nonisolated(unsafe) let source = base
    let packed = self
    Parallel.forRanges(panels, grain: 4) { panels in
      let first = panels.lowerBound * Self.panel, count = min(panels.upperBound * Self.panel, outputs) - first
      arpg_pack_halves(
        source + 2 * first * inputs, packed.address(ofPanel: panels.lowerBound).assumingMemoryBound(to: UInt16.self),
        count, inputs)
    }
  }

  /// Calls `body` with the bytes of a whole matrix.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(UnsafeRawBufferPointer(start: address(ofPanel: 0), count: byteCount))
    }
  }

  /// Whether no weight or scale is infinite or not a number.
  package var isFinite: Bool {
    let isAll = Atomic(true)
    Parallel.forRanges(panels, grain: 8) { range in
      guard range.allSatisfy(isFinite(panel:)) else { return isAll.store(false, ordering: .relaxed) }
    }
    return isAll.load(ordering: .relaxed)
  }

  private func isFinite(panel: Int) -> Bool {
    let halves = UnsafePointer(address(ofPanel: panel).assumingMemoryBound(to: UInt16.self))
    switch precision {
    case .float32: return true
    case .float16: return Self.areFinite(halves, Self.panel * inputs, exponent: 0x7c00)
    case .bfloat16: return Self.areFinite(halves, Self.panel * ((inputs + 1) / 2) * 2, exponent: 0x7f80)
    case .int8: return kernels.all_finite(scales + panel * Self.panel, Self.panel) != 0
    case .int4:
      let stride = Int(ARPG_INT4_GROUP_BYTES) / MemoryLayout<UInt16>.stride
      return (0..<groups).allSatisfy { Self.areFinite(halves + $0 * stride, 2 * Self.panel, exponent: 0x7c00) }
    }
  }

  private static func areFinite(_ halves: UnsafePointer<UInt16>, _ count: Int, exponent: UInt16) -> Bool {
    arpg_halves_below(halves, count, exponent) != 0
  }
}
