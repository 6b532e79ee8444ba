import ARPGFiles

/// The directory of a zip file whose entries are stored without compression, as PyTorch writes them. Reads zip64.
struct ZipArchive {
  private struct Entry {
    let method: UInt16
    let flags: UInt16
    let compressed: UInt64
    let size: UInt64
    let header: UInt64
  }

  private static let directoryEnd: UInt32 = 0x0605_4b50
  private static let directoryEnd64: UInt32 = 0x0606_4b50
  private static let locator64: UInt32 = 0x0706_4b50
  private static let directoryEntry: UInt32 = 0x0201_4b50
  private static let localHeader: UInt32 = 0x0403_4b50

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var entries: [String: Entry] = [:]

  /// Reads the directory at the end of a zip file.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    self.bytes = bytes
    self.path = path
    let (count, offset) = try directory()
    var cursor = ByteCursor(bytes, at: offset)
    for _ in 0..<count {
      guard let (name, entry) = Self.entry(&cursor) else {
        throw malformed("a directory that ends after \(entries.count) entries", expected: "\(count)")
      }
      guard entries.updateValue(entry, forKey: name) == nil else {
        throw malformed("two files \(name)", expected: "unique names")
      }
    }
  }

  /// The names of the files.
  var names: [String] { entries.keys.sorted() }

  /// Where the content of a file stands; nil where there is none of that name.
  func place(of name: some StringProtocol) throws(CheckpointError) -> Range<Int>? {
    guard let entry = entries[String(name)] else { return nil }
    guard entry.method == 0, entry.flags & 1 == 0, entry.compressed == entry.size else {
      throw .unsupported(
        path: path, found: "its part \(name) is compressed or encrypted",
        remedy: "save it with torch.save, which does neither")
    }
    guard let header = Int(exactly: entry.header), let size = Int(exactly: entry.size) else {
      throw malformed("\(name) of \(entry.size) bytes at \(entry.header)", expected: "it inside the file")
    }
    var cursor = ByteCursor(bytes, at: header)
    guard cursor.next(UInt32.self) == Self.localHeader, cursor.take(22) != nil,
      let nameLength = cursor.next(UInt16.self),
      let extraLength = cursor.next(UInt16.self), cursor.take(Int(nameLength) + Int(extraLength)) != nil,
      let place = cursor.take(size)
    else {
      throw malformed("\(name) of \(entry.size) bytes at \(entry.header)", expected: "it inside the file")
    }
    return place
  }

  private func malformed(_ found: String, expected: String) -> CheckpointError {
    .malformed(path: path, found: "a zip file with \(found)", expected: expected)
  }

  /// The number of entries, and where the first is.
  private func directory() throws(CheckpointError) -> (count: Int, offset: Int) {
    guard let end = findEnd() else { throw malformed("no directory at its end", expected: "one") }
    var cursor = ByteCursor(bytes, at: end + 10)
    guard let count = cursor.next(UInt16.self), cursor.take(4) != nil, let offset = cursor.next(UInt32.self) else {
      throw malformed("half a directory", expected: "a whole one")
    }
    var (entries, start) = (UInt64(count), UInt64(offset))
    if count == .max || offset == .max, let large = directory64(before: end) { (entries, start) = large }
    // An entry takes at least 46 bytes.
    guard let entries = Int(exactly: entries), let start = Int(exactly: start), start <= end,
      entries <= (end - start) / 46
    else {
      throw malformed(
        "a directory of \(entries) entries at \(start)", expected: "one that fits its \(bytes.count) bytes")
    }
    return (entries, start)
  }

  /// The record at the end, which a comment of up to 65535 bytes may follow.
  private func findEnd() -> Int? {
    let size = 22
    guard bytes.count >= size else { return nil }
    let last = bytes.count - size
    for position in stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1) {
      var cursor = ByteCursor(bytes, at: position)
      if cursor.next(UInt32.self) == Self.directoryEnd { return position }
    }
    return nil
  }

  private func directory64(before end: Int) -> (count: UInt64, offset: UInt64)? {
    guard end >= 20 else { return nil }
    var locator = ByteCursor(bytes, at: end - 20)
    guard locator.next(UInt32.self) == Self.locator64, locator.take(4) != nil, let position = locator.next(UInt64.self),
      let position = Int(exactly: position)
    else { return nil }
    var record = ByteCursor(bytes, at: position)
    guard record.next(UInt32.self) == Self.directoryEnd64, record.take(28) != nil,
      let count = record.next(UInt64.self), record.take(8) != nil, let offset = record.next(UInt64.self)
    else { return nil }
    return (count, offset)
  }

  private static func entry(_ cursor: inout ByteCursor) -> (String, Entry)? {
    guard cursor.next(UInt32.self) == directoryEntry, cursor.take(4) != nil, let flags = cursor.next(UInt16.self),
      let method = cursor.next(UInt16.self), cursor.take(8) != nil, let compressed = cursor.next(UInt32.self),
      let size = cursor.next(UInt32.self), let nameLength = cursor.next(UInt16.self),
      let extraLength = cursor.next(UInt16.self), let commentLength = cursor.next(UInt16.self), cursor.take(8) != nil,
      let header = cursor.next(UInt32.self), let nameRange = cursor.take(Int(nameLength)),
      let name = cursor.text(nameRange), let extra = cursor.take(Int(extraLength)),
      cursor.take(Int(commentLength)) != nil
    else { return nil }
    var large = ByteCursor(UnsafeRawBufferPointer(rebasing: cursor.bytes[extra]))
    let field = find64(&large)
    // The zip64 field holds, in this order, those of the three numbers that do not fit 32 bits.
    func widen(_ value: UInt32) -> UInt64? { value == .max && field ? large.next(UInt64.self) : UInt64(value) }
    guard let size = widen(size), let compressed = widen(compressed), let header = widen(header) else { return nil }
    return (name, Entry(method: method, flags: flags, compressed: compressed, size: size, header: header))
  }

  /// Moves to the content of the zip64 field among the extra fields of an entry, where it has one.
  private static func find64(_ extra: inout ByteCursor) -> Bool {
    while let tag = extra.next(UInt16.self), let length = extra.next(UInt16.self) {
      if tag == 1 { return true }
      if extra.take(Int(length)) == nil { return false }
    }
    return false
  }
}
