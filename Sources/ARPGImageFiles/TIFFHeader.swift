import ARPGFiles

/// What the first page of a TIFF file says of itself, without decoding (TIFF 6.0).
struct TIFFHeader {
  let width: Int
  let height: Int
  let bitDepth: Int
  let samples: Int
  let photometric: Int
  let compression: Int
  let isPlanar: Bool
  let isFloat: Bool
  let orientation: Int
  /// Whether the sample behind the colours is alpha, and whether they are multiplied by it.
  let hasAlpha: Bool
  let isPremultiplied: Bool
  /// The sides of a tile; nil where the pixels are in strips.
  let tile: (width: Int, height: Int)?
  let hasMorePages: Bool

  /// Reads the first directory, and checks that its pixels are of a kind that is read and inside the file.
  init(_ bytes: [UInt8], path: String) throws {
    var reader = ByteReader(bytes)
    reader.isBigEndian = reader.byte(0) == 0x4D
    guard let first = reader.long(4), let page = TIFFDirectory(reader, at: first), !page.isCut else {
      throw ImageFileError.truncated(path: path, detail: "\(bytes.count) bytes, no whole directory")
    }
    guard page.value(254).map({ $0 & 1 == 0 }) ?? true else {
      throw ImageFileError.unsupported(path: path, detail: "its first page is a small preview, as raw photographs have")
    }
    width = page.value(256) ?? 0
    height = page.value(257) ?? 0
    guard width > 0, height > 0 else {
      throw ImageFileError.damaged(path: path, detail: "it declares \(width) x \(height) pixels")
    }
    samples = page.value(277) ?? 1
    bitDepth = page.value(258) ?? 1
    compression = page.value(259) ?? 1
    isPlanar = page.value(284) == 2 && samples > 1
    let format = page.value(339) ?? 1
    isFloat = format == 3
    orientation = page.value(274).flatMap { (1...8).contains($0) ? $0 : nil } ?? 1
    photometric = page.value(262) ?? (samples < 3 ? 1 : 2)
    let extra = page.value(338)
    hasAlpha = (extra == 1 || extra == 2) && samples > (photometric == 2 ? 3 : 1)
    isPremultiplied = extra == 1
    tile = page.value(322).map { ($0, page.value(323) ?? 0) }
    hasMorePages =
      page.next != 0
      && TIFFDirectory(reader, at: page.next).map { ($0.value(254) ?? 0) & 1 == 0 && $0.value(256) != nil } ?? false
    let depths = page.values(258) ?? []
    guard depths.allSatisfy({ $0 == bitDepth }) else {
      throw ImageFileError.unsupported(path: path, detail: "its channels have different numbers of bits")
    }
    guard format == 1 || format == 3 || format == 4, isConverted || isDirect else {
      throw ImageFileError.unsupported(path: path, detail: "it is a TIFF of \(Self.name(format, bitDepth, samples))")
    }
    guard Self.compressions[compression] != nil else {
      throw ImageFileError.unsupported(
        path: path, detail: "its compression (\(compression)) is none of LZW, Deflate, PackBits, JPEG and CCITT")
    }
    try checkPlaces(page, in: bytes.count, path: path)
  }

  /// The compressions that are read, with the most bytes that one byte can hold; nil where there is no such number.
  private static let compressions: [Int: Int?] = [
    1: 1, 2: nil, 3: nil, 4: nil, 5: 4096, 7: nil, 8: 1032, 32773: 64, 32946: 1032,
  ]

  /// The most bytes of an unpacked tile.
  private static let mostTileBytes = 1 << 26

  private static func name(_ format: Int, _ bits: Int, _ samples: Int) -> String {
    let kind = [1: "integers", 2: "signed integers", 3: "floats"][format] ?? "complex numbers"
    return "\(samples == 1 ? "one channel" : "\(samples) channels") of \(bits)-bit \(kind)"
  }

  /// Whether the samples are used as they are: grey or RGB of 8 or 16 bits, or floats.
  private var isDirect: Bool {
    let colours = photometric == 2 ? 3 : 1
    return photometric <= 2 && (colours...8).contains(samples)
      && (isFloat ? bitDepth == 32 : [8, 16].contains(bitDepth))
  }

  /// Whether libtiff makes RGB of them: a palette, few bits, YCbCr, CMYK.
  var isConverted: Bool {
    guard !isFloat, samples <= 5 else { return false }
    switch photometric {
    case 0, 1: return [1, 2, 4].contains(bitDepth) && samples == 1
    case 3: return [1, 2, 4, 8].contains(bitDepth) && samples == 1
    case 5: return bitDepth == 8 && samples == 4
    case 6: return bitDepth == 8 && samples == 3
    default: return false
    }
  }

  var isGrey: Bool { photometric < 2 && !isConverted }

  var kind: ImageFileInfo.Kind {
    switch photometric {
    case 0, 1: hasAlpha ? .greyAlpha : .grey
    case 3: .palette
    case 5: .cmyk
    case 6: .yCbCr
    default: hasAlpha ? .rgba : .rgb
    }
  }

  /// Whether so few bytes can hold the image.
  func canHoldPixels(in count: Int) -> Bool {
    guard let most = Self.compressions[compression] ?? nil, photometric != 6 else { return true }
    return width * height * samples * bitDepth / 8 / most <= count
  }

  /// Checks that there are as many strips or tiles as the pixels take, and that they are in the file.
  private func checkPlaces(_ page: TIFFDirectory, in size: Int, path: String) throws {
    var chunks: Int
    if let tile {
      guard [tile.width, tile.height].allSatisfy({ (1...65536).contains($0) && $0 % 16 == 0 }),
        tile.width * tile.height * samples * bitDepth / 8 <= Self.mostTileBytes
      else {
        throw ImageFileError.damaged(path: path, detail: "it has tiles of \(tile.width) x \(tile.height) pixels")
      }
      chunks = ((width - 1) / tile.width + 1) * ((height - 1) / tile.height + 1)
    } else {
      let rows = min(page.value(278) ?? height, height)
      guard rows > 0 else { throw ImageFileError.damaged(path: path, detail: "it has strips without rows") }
      chunks = (height - 1) / rows + 1
    }
    if isPlanar { chunks *= samples }
    guard let offsets = page.values(tile == nil ? 273 : 324) else {
      throw ImageFileError.damaged(path: path, detail: "it does not say where its pixels are")
    }
    let lengths = page.values(tile == nil ? 279 : 325) ?? []
    guard offsets.count >= chunks, lengths.count >= chunks || compression == 1 && lengths.isEmpty else {
      throw ImageFileError.truncated(
        path: path, detail: "\(offsets.count) places and \(lengths.count) lengths for \(chunks) strips or tiles")
    }
    for index in 0..<chunks {
      let end = offsets[index] + (index < lengths.count ? lengths[index] : 0)
      guard end <= size else {
        throw ImageFileError.truncated(path: path, detail: "\(size) bytes, pixels up to byte \(end)")
      }
    }
  }
}
