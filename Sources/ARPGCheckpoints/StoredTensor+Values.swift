import ARPGFiles
import ARPGKernels
import ARPGTensor

extension StoredTensor {
  /// Values that one thread takes at a time.
  private static let grain = 1 << 16

  /// The values as floats: borrowed from the file where they stand there as such, otherwise converted.
  func tensor(from file: MappedFile) -> Tensor {
    file.withBytes { bytes in
      if type == .float32, !isNegated, let floats = inPlace(bytes, as: Float.self) {
        return Tensor(shape: shape, borrowing: floats, from: file)
      }
      return Tensor(shape: shape) { floats in
        convert(bytes, into: floats)
        if isNegated { for index in floats.indices { floats[index].negate() } }
      }
    }
  }

  /// The values as integers; nil for floats, and for a value above the range of `Int`.
  func integers(from file: MappedFile) -> [Int]? {
    file.withBytes { bytes in
      switch type {
      case .int64: integers(bytes, as: Int64.self)
      case .int32: integers(bytes, as: Int32.self)
      case .int16: integers(bytes, as: Int16.self)
      case .int8: integers(bytes, as: Int8.self)
      case .uint64: integers(bytes, as: UInt64.self)
      case .uint32: integers(bytes, as: UInt32.self)
      case .uint16: integers(bytes, as: UInt16.self)
      case .uint8, .bool: integers(bytes, as: UInt8.self)
      case .float64, .float32, .float16, .bfloat16, .float8e4m3, .float8e5m2: nil
      }
    }
  }

  private func integers<Value: BinaryInteger & BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer, as _: Value.Type)
    -> [Int]?
  {
    withContiguous(bytes, as: Value.self) { values in
      var result: [Int] = []
      result.reserveCapacity(values.count)
      for value in values {
        guard let value = Int(exactly: value), !isNegated || value > .min else { return nil }
        result.append(isNegated ? -value : value)
      }
      return result
    }
  }

  private func convert(_ bytes: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>) {
    let kernels = arpg_best_kernels().pointee
    switch type {
    case .float32: gather(bytes, into: floats)
    case .float16: convert(bytes, as: UInt16.self, into: floats) { kernels.from_float16($0, $1, $2) }
    case .bfloat16: convert(bytes, as: UInt16.self, into: floats) { kernels.from_bfloat16($0, $1, $2) }
    case .float8e4m3: convert(bytes, table: EighthPrecision.e4m3, into: floats)
    case .float8e5m2: convert(bytes, table: EighthPrecision.e5m2, into: floats)
    case .float64: convert(bytes, as: Double.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .int64: convert(bytes, as: Int64.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .int32: convert(bytes, as: Int32.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .int16: convert(bytes, as: Int16.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .int8: convert(bytes, as: Int8.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .uint64: convert(bytes, as: UInt64.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .uint32: convert(bytes, as: UInt32.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .uint16: convert(bytes, as: UInt16.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    case .uint8, .bool: convert(bytes, as: UInt8.self, into: floats) { Self.map($0, $1, $2) { Float($0) } }
    }
  }

  private func convert(
    _ bytes: UnsafeRawBufferPointer, table: [Float], into floats: UnsafeMutableBufferPointer<Float>
  ) {
    convert(bytes, as: UInt8.self, into: floats) { Self.map($0, $1, $2) { table[Int($0)] } }
  }

  private static func map<Value>(
    _ source: UnsafePointer<Value>, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ body: (Value) -> Float
  ) {
    for index in 0..<count { target[index] = body(source[index]) }
  }

  private func convert<Value: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, as _: Value.Type, into floats: UnsafeMutableBufferPointer<Float>,
    _ body: @Sendable (UnsafePointer<Value>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    withContiguous(bytes, as: Value.self) { values in
      guard let source = values.baseAddress, let target = floats.baseAddress else { return }
      nonisolated(unsafe) let (from, to) = (source, target)
      Parallel.forRanges(count, grain: Self.grain) { range in
        body(from + range.lowerBound, to + range.lowerBound, range.count)
      }
    }
  }

  /// Calls `body` with the values in order: in the file where they stand so and are aligned, otherwise a copy.
  private func withContiguous<Value: BitwiseCopyable, Result>(
    _ bytes: UnsafeRawBufferPointer, as _: Value.Type, _ body: (UnsafeBufferPointer<Value>) -> Result
  ) -> Result {
    if let values = inPlace(bytes, as: Value.self) { return body(values) }
    let copy = UnsafeMutableBufferPointer<Value>.allocate(capacity: count)
    defer { copy.deallocate() }
    gather(bytes, into: copy)
    return body(UnsafeBufferPointer(copy))
  }

  private func inPlace<Value>(_ bytes: UnsafeRawBufferPointer, as _: Value.Type) -> UnsafeBufferPointer<Value>? {
    guard strides == nil else { return nil }
    guard count > 0, let base = bytes.baseAddress else { return UnsafeBufferPointer(start: nil, count: 0) }
    let address = base + start
    guard Int(bitPattern: address).isMultiple(of: MemoryLayout<Value>.alignment) else { return nil }
    return UnsafeBufferPointer(start: address.assumingMemoryBound(to: Value.self), count: count)
  }

  /// Copies the values in order.
  private func gather<Value: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Value>
  ) {
    guard count > 0, let base = bytes.baseAddress, let target = target.baseAddress else { return }
    let size = MemoryLayout<Value>.size
    nonisolated(unsafe) let (from, to) = (base + start, target)
    guard let strides, let rowLength = shape.last, let step = strides.last else {
      return UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: count * size)
    }
    let (outerShape, outerStrides) = (shape.dropLast(), strides.dropLast())
    Parallel.forRanges(count / rowLength, grain: max(1, Self.grain / rowLength)) { rows in
      for row in rows {
        var offset = 0
        var index = row
        for (length, stride) in zip(outerShape, outerStrides).reversed() {
          offset += index % length * stride
          index /= length
        }
        for column in 0..<rowLength {
          to[row * rowLength + column] = from.loadUnaligned(
            fromByteOffset: (offset + column * step) * size, as: Value.self)
        }
      }
    }
  }
}
