import ARPGFiles
import ARPGTensor

/// Collects named tensors and writes them as a safetensors file, one at a time.
public struct SafetensorsWriter {
  private enum Values {
    case tensor(() throws -> Tensor)
    case integers([Int])
    case packed(() throws -> PackedMatrix)
  }

  private struct Entry {
    let name: String
    let type: ScalarType
    let shape: [Int]
    let values: Values

    var byteCount: Int { shape.reduce(type.byteCount, *) }
  }

  /// Texts that go beside the tensors.
  public var metadata: [String: String]
  private var entries: [Entry] = []
  private var names: Set<String> = ["__metadata__"]

  /// A file without tensors yet.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor. Traps where there is one of that name.
  ///
  /// - Parameters:
  ///   - name: its name in the file.
  ///   - tensor: its values.
  ///   - type: the type to store, one of `float32`, `float16` and `bfloat16`; values are rounded to the nearest, ties to
  ///     even.
  public mutating func add(_ name: String, _ tensor: Tensor, as type: ScalarType = .float32) {
    add(name, shape: tensor.shape, as: type) { tensor }
  }

  /// Adds a tensor that is made only when it is written, so that not all of them are in memory at once. Traps where there
  /// is one of that name.
  ///
  /// - Parameters:
  ///   - name: its name in the file.
  ///   - shape: its shape.
  ///   - type: the type to store, one of `float32`, `float16` and `bfloat16`.
  ///   - values: makes the tensor.
  public mutating func add(
    _ name: String, shape: [Int], as type: ScalarType = .float32, _ values: @escaping () throws -> Tensor
  ) {
    precondition(
      [.float32, .float16, .bfloat16].contains(type), "a tensor of floats cannot be stored as \(type.rawValue)")
    append(Entry(name: name, type: type, shape: shape, values: .tensor(values)))
  }

  /// Adds a tensor of 64-bit integers. Traps where there is one of that name, or where their number is not the product of
  /// `shape`.
  public mutating func add(_ name: String, integers: [Int], shape: [Int]) {
    precondition(
      integers.count == shape.reduce(1, *), "\(integers.count) integers do not fill the shape \(shape)")
    append(Entry(name: name, type: .int64, shape: shape, values: .integers(integers)))
  }

  /// Adds weights that are packed when they are written. The metadata must name their shape, see ``PackedManifest``. Traps where there
  /// are some of that name, or they cannot be packed.
  package mutating func add(
    _ name: String, packedShape shape: [Int], as precision: WeightPrecision,
    _ matrix: @escaping () throws -> PackedMatrix
  ) {
    guard let sizes = PackedMatrix.sizes(of: shape) else { preconditionFailure("\(name) \(shape) cannot be packed") }
    let bytes = PackedMatrix.byteCount(outputs: sizes.outputs, inputs: sizes.inputs, as: precision)
    append(Entry(name: name, type: .uint8, shape: [bytes], values: .packed(matrix)))
  }

  private mutating func append(_ entry: Entry) {
    precondition(names.insert(entry.name).inserted, "there is a tensor \(entry.name) already")
    entries.append(entry)
  }

  /// Writes the file: whole, or not at all.
  ///
  /// - Throws: ``/ARPGFiles/FileError``, ``CheckpointError/notFinite(path:tensor:remedy:)`` where a finite value does not fit
  ///   half precision, or what making a tensor throws.
  public func write(to path: String) throws {
    // The widest values first, so that all of them are aligned when the file is mapped; before them packed matrices, whose bytes are
    // multiples of 32.
    let ordered = [1, 8, 4, 2].flatMap { size in entries.filter { $0.type.byteCount == size } }
    try AtomicFile.write(to: path) { file in
      let header = Self.header(ordered, metadata: metadata)
      try file.append(withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init))
      try file.append(header)
      for entry in ordered {
        switch entry.values {
        case .packed(let make): try make().withBytes { try file.append($0) }
        case .integers(let integers):
          try integers.map { Int64($0).littleEndian }.withUnsafeBytes { try file.append($0) }
        case .tensor(let make):
          let tensor = try make()
          precondition(tensor.shape == entry.shape, "\(entry.name) has the shape \(tensor.shape), not \(entry.shape)")
          try tensor.withValues { try Self.append($0, of: entry, to: &file, path: path) }
        }
      }
    }
  }

  private static func append(
    _ values: UnsafeBufferPointer<Float>, of entry: Entry, to file: inout AtomicFile, path: String
  ) throws {
    guard entry.type != .float32 else { return try file.append(UnsafeRawBufferPointer(values)) }
    let chunk = 1 << 18
    for start in stride(from: 0, to: values.count, by: chunk) {
      let part = values[start..<min(start + chunk, values.count)]
      let rounded = part.map(entry.type == .float16 ? HalfPrecision.float16 : HalfPrecision.bfloat16)
      if entry.type == .float16, zip(part, rounded).contains(where: { $0.isFinite && $1 & 0x7fff == 0x7c00 }) {
        throw CheckpointError.notFinite(
          path: path, tensor: entry.name, remedy: "it is above 65504, the most in half precision: store it as float32")
      }
      try rounded.withUnsafeBytes { try file.append($0) }
    }
  }

  /// The header, padded with spaces so that the values begin at a multiple of 8 bytes.
  private static func header(_ entries: [Entry], metadata: [String: String]) -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for entry in entries {
      let end = offset + entry.byteCount
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    return header
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\0"..<" ": "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
