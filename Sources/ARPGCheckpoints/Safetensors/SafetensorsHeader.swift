import ARPGFiles

/// The header of a safetensors file: the length of a JSON text, then the text, then the values.
///
/// As strict as the reference implementation: tensors fill the body without gaps or overlaps, and names are unique.
enum SafetensorsHeader {
  private static let maxBytes = 100_000_000

  private struct Entry {
    var name = ""
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  static func contents(of bytes: UnsafeRawBufferPointer, path: String) throws -> CheckpointContents {
    var cursor = ByteCursor(bytes)
    guard let length: UInt64 = cursor.next() else {
      throw CheckpointError.malformed(
        path: path, found: "\(bytes.count) bytes", expected: "at least the 8 that give the length of a header")
    }
    guard length <= maxBytes, let range = cursor.take(Int(length)) else {
      throw CheckpointError.malformed(
        path: path, found: "a header of \(length) bytes in a file of \(bytes.count)",
        expected: "one that fits and has at most \(maxBytes)")
    }
    var contents = CheckpointContents()
    let entries = try parse(UnsafeRawBufferPointer(rebasing: bytes[range]), into: &contents.metadata, path: path)
    try place(entries, bodyFrom: range.upperBound, to: bytes.count, into: &contents.tensors, path: path)
    return contents
  }

  private static func parse(
    _ header: UnsafeRawBufferPointer, into metadata: inout [String: String], path: String
  ) throws -> [Entry] {
    var scanner = JSONScanner(header)
    var entries: [Entry] = []
    do {
      try scanner.object { name, scanner in
        if name == "__metadata__" {
          try scanner.object { key, scanner in metadata[key] = try scanner.string() }
        } else {
          entries.append(try entry(name, &scanner))
        }
      }
      try scanner.expectEnd()
    } catch let mismatch as JSONScanner.Mismatch {
      throw CheckpointError.malformed(
        path: path, found: "\(scanner.found) at byte \(mismatch.position) of the JSON header",
        expected: mismatch.expected)
    }
    return entries
  }

  private static func entry(_ name: String, _ scanner: inout JSONScanner) throws -> Entry {
    var entry = Entry(name: name)
    try scanner.object { key, scanner in
      switch key {
      case "dtype" where entry.type == nil: entry.type = try scanner.string()
      case "shape" where entry.shape == nil: entry.shape = try scanner.integers()
      case "data_offsets" where entry.offsets == nil: entry.offsets = try scanner.integers()
      default:
        throw JSONScanner.Mismatch(position: scanner.position, expected: "dtype, shape and data_offsets, each once")
      }
    }
    return entry
  }

  private static func place(
    _ entries: [Entry], bodyFrom start: Int, to end: Int, into tensors: inout [String: StoredTensor], path: String
  ) throws(CheckpointError) {
    let body = end - start
    var ranges: [(range: Range<Int>, name: String)] = []
    for entry in entries {
      let (name, tensor, range) = try locate(entry, body: body, start: start, path: path)
      guard tensors.updateValue(tensor, forKey: name) == nil else {
        throw .malformed(path: path, found: "two tensors \(name)", expected: "unique names")
      }
      ranges.append((range, name))
    }
    var position = 0
    for (range, name) in ranges.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      guard range.lowerBound == position else {
        throw .malformed(
          path: path, found: "\(name) at byte \(range.lowerBound)",
          expected: "it at \(position), so that tensors neither overlap nor leave gaps")
      }
      position = range.upperBound
    }
    guard position == body else {
      throw .malformed(path: path, found: "\(body) bytes of values", expected: "the \(position) that its tensors fill")
    }
  }

  private static func locate(
    _ entry: Entry, body: Int, start: Int, path: String
  ) throws(CheckpointError) -> (String, StoredTensor, Range<Int>) {
    let name = entry.name
    guard let typeName = entry.type, let shape = entry.shape, let offsets = entry.offsets else {
      throw .malformed(path: path, found: "\(name) without dtype, shape or data_offsets", expected: "all three")
    }
    guard let type = ScalarType(rawValue: typeName) else {
      throw .unsupported(
        path: path, found: "\(name) is of the unknown type \(typeName)",
        remedy: "save it as one of \(ScalarType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw .malformed(
        path: path, found: "the data_offsets \(offsets) of \(name)", expected: "a beginning and an end not before it")
    }
    guard offsets[1] <= body else {
      throw .malformed(
        path: path, found: "\(body) bytes of values", expected: "at least the \(offsets[1]) up to the end of \(name)")
    }
    let range = offsets[0]..<offsets[1]
    let place = start + range.lowerBound..<start + range.upperBound
    guard let tensor = StoredTensor(type: type, shape: shape, filling: place) else {
      throw .malformed(
        path: path, found: "\(range.count) bytes for \(name)",
        expected: "as many as \(typeName) values of the shape \(shape) take")
    }
    return (name, tensor, range)
  }
}
