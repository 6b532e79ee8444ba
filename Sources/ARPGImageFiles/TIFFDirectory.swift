import ARPGFiles

/// The entries of one directory of a TIFF file, which describes one page (TIFF 6.0, section 2).
struct TIFFDirectory {
  private struct Entry {
    let size: Int
    let count: Int
    let place: Int
  }

  /// The bytes of one value of a type; only whole numbers are of use here.
  private static let sizes = [1: 1, 3: 2, 4: 4]

  private let reader: ByteReader<[UInt8]>
  private var entries: [Int: Entry] = [:]
  /// Where the directory of the next page is; 0 where there is none.
  let next: Int
  /// Whether some values are not in the file.
  private(set) var isCut = false

  /// The directory at an offset; nil where it is not all in the file.
  init?(_ reader: ByteReader<[UInt8]>, at offset: Int) {
    guard let count = reader.short(offset), count > 0, reader.byte(offset + 1 + 12 * count) != nil else { return nil }
    self.reader = reader
    next = reader.long(offset + 2 + 12 * count) ?? 0
    for index in 0..<count {
      let place = offset + 2 + 12 * index
      guard let tag = reader.short(place), entries[tag] == nil, let type = reader.short(place + 2),
        let count = reader.long(place + 4)
      else { continue }
      guard let size = Self.sizes[type] else { continue }
      let values = count * size <= 4 ? place + 8 : reader.long(place + 8) ?? 0
      isCut = isCut || count * size > reader.bytes.count - values
      entries[tag] = Entry(size: size, count: count, place: values)
    }
  }

  /// The values of a tag, as far as they are in the file; nil where the page has none, or none that are whole numbers.
  func values(_ tag: Int) -> [Int]? {
    guard let entry = entries[tag] else { return nil }
    let count = min(entry.count, max(0, reader.bytes.count - entry.place) / entry.size)
    return (0..<count).compactMap { index in
      switch entry.size {
      case 1: reader.byte(entry.place + index)
      case 2: reader.short(entry.place + 2 * index)
      default: reader.long(entry.place + 4 * index)
      }
    }
  }

  /// The first value of a tag.
  func value(_ tag: Int) -> Int? { values(tag)?.first }
}
