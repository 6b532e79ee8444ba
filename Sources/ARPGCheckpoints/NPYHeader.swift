import ARPGFiles

/// The header of a `.npy` file: a Python dictionary of `descr`, `fortran_order` and `shape`.
struct NPYHeader {
  /// The types that a reader takes.
  enum Types: String {
    case integers = "little-endian integers"
    case floats = "little-endian floats of 16, 32 or 64 bits"
    case numbers = "little-endian integers, or floats of 16, 32 or 64 bits"
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let maxBytes = 1 << 16
  private static let integers: [String: ScalarType] = [
    "<i8": .int64, "<i4": .int32, "<i2": .int16, "|i1": .int8, "<i1": .int8, "<u4": .uint32, "<u2": .uint16,
    "|u1": .uint8, "<u1": .uint8,
  ]
  private static let floats: [String: ScalarType] = ["<f2": .float16, "<f4": .float32, "<f8": .float64]

  let type: ScalarType
  let shape: [Int]
  /// Where the values stand.
  let values: Range<Int>
  /// The same as a tensor of the file.
  let tensor: StoredTensor

  /// Reads a header and checks it against the size of the file.
  ///
  /// - Parameter types: those that the values may have.
  init(_ bytes: UnsafeRawBufferPointer, path: String, types: Types = .integers) throws(NPYError) {
    func error(_ found: String, _ expected: String) -> NPYError {
      NPYError(path: path, found: found, expected: expected)
    }
    var cursor = ByteCursor(bytes)
    guard cursor.take(6) != nil, bytes.starts(with: Self.magic), let version = cursor.next(UInt8.self),
      cursor.take(1) != nil
    else { throw error("it does not begin with \\x93NUMPY", "a .npy file") }
    guard 1...3 ~= version else { throw error("version \(version) of the format", "1, 2 or 3") }
    let length = version == 1 ? cursor.next(UInt16.self).map(Int.init) : cursor.next(UInt32.self).map(Int.init)
    guard let length, length <= Self.maxBytes, let range = cursor.take(length), let text = cursor.text(range) else {
      throw error("a header that does not fit the file", "one of at most \(Self.maxBytes) bytes inside it")
    }
    var literal = PythonLiteral(text)
    guard let fields = literal.dictionary() else { throw error("the header \(text.prefix(200))", "a dictionary") }
    guard case .text(let name) = fields["descr"], let type = Self.type(named: name, of: types) else {
      throw error(
        "values of the type \(fields["descr"].map(String.init(describing:)) ?? "none")",
        types.rawValue)
    }
    guard case .bool(let fortran) = fields["fortran_order"], case .integers(let shape) = fields["shape"] else {
      throw error("no fortran_order or shape", "both")
    }
    guard !fortran else { throw error("values column by column", "row by row; save np.ascontiguousarray of it") }
    let place = cursor.position..<bytes.count
    guard let tensor = StoredTensor(type: type, shape: shape, filling: place) else {
      throw error("\(place.count) bytes of values", "as many as the shape \(shape) of \(name) takes")
    }
    self.type = type
    self.shape = tensor.shape
    self.tensor = tensor
    values = place
  }

  private static func type(named name: String, of types: Types) -> ScalarType? {
    switch types {
    case .integers: integers[name]
    case .floats: floats[name]
    case .numbers: integers[name] ?? floats[name]
    }
  }
}

/// Reads the few Python literals of a `.npy` header.
private struct PythonLiteral {
  enum Value: CustomStringConvertible {
    case text(String)
    case bool(Bool)
    case integers([Int])

    var description: String {
      switch self {
      case .text(let text): "'\(text.prefix(40))'"
      case .bool(let bool): "\(bool)"
      case .integers(let integers): "\(integers)"
      }
    }
  }

  private var rest: Substring

  init(_ text: String) {
    rest = text[...]
  }

  /// The dictionary that the text is; nil where it is none, or has other values.
  mutating func dictionary() -> [String: Value]? {
    guard skip("{") else { return nil }
    var fields: [String: Value] = [:]
    while !skip("}") {
      guard let key = text(), skip(":"), let value = value() else { return nil }
      fields[key] = value
      guard skip(",") || rest.first == "}" else { return nil }
    }
    skipSpace()
    return rest.isEmpty ? fields : nil
  }

  private mutating func value() -> Value? {
    skipSpace()
    if skip("True") { return .bool(true) }
    if skip("False") { return .bool(false) }
    if skip("(") { return integers() }
    return text().map(Value.text)
  }

  private mutating func integers() -> Value? {
    var result: [Int] = []
    while !skip(")") {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let integer = Int(digits), result.count < 64 else { return nil }
      rest = rest.dropFirst(digits.count)
      result.append(integer)
      guard skip(",") || rest.first == ")" else { return nil }
      skipSpace()
    }
    return .integers(result)
  }

  private mutating func text() -> String? {
    skipSpace()
    guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
    let content = rest.dropFirst().prefix { $0 != quote && $0 != "\\" }
    rest = rest.dropFirst(content.count + 1)
    return skip(String(quote)) ? String(content) : nil
  }

  private mutating func skip(_ token: String) -> Bool {
    skipSpace()
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
  }
}
