import ARPGFiles

/// What the chunks of a PNG file say, without decoding (PNG specification, third edition).
struct PNGHeader {
  var width = 0
  var height = 0
  var bitDepth = 0
  var colourType = 0
  var isInterlaced = false
  var orientation = 1
  /// Whether a text chunk may name the orientation.
  var hasOrientationText = false
  /// The bytes of compressed pixels in the file.
  var compressedBytes = 0

  /// Walks the chunks to the end of the image.
  init(_ bytes: [UInt8], path: String) throws {
    try PNGChunk.forEach(of: bytes, path: path) { chunk in
      let body = bytes[chunk.body]
      switch chunk.type {
      case "IHDR": try readHeader(body, path: path)
      case "IDAT": compressedBytes += body.count
      case "eXIf": orientation = Orientation.read(fromTIFF: body)
      case "tEXt", "zTXt", "iTXt":
        let keyword = body.prefix(17)
        if keyword.elementsEqual("Raw profile type ".utf8) || keyword.elementsEqual("XML:com.adobe.xmp".utf8) {
          hasOrientationText = true
        }
      default: break
      }
    }
  }

  private mutating func readHeader(_ body: ArraySlice<UInt8>, path: String) throws {
    let reader = ByteReader(body, isBigEndian: true)
    guard let width = reader.long(0), let height = reader.long(4), let bitDepth = reader.byte(8),
      let colourType = reader.byte(9), let interlace = reader.byte(12)
    else { throw ImageFileError.damaged(path: path, detail: "the header is too short") }
    guard width > 0, height > 0, width <= Int32.max, height <= Int32.max else {
      throw ImageFileError.damaged(path: path, detail: "it declares \(width) x \(height) pixels")
    }
    let depths = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
    guard depths[colourType]?.contains(bitDepth) == true else {
      throw ImageFileError.damaged(path: path, detail: "colour type \(colourType) with \(bitDepth) bits does not exist")
    }
    (self.width, self.height, self.bitDepth, self.colourType) = (width, height, bitDepth, colourType)
    isInterlaced = interlace == 1
  }

  var kind: ImageFileInfo.Kind {
    switch colourType {
    case 0: .grey
    case 2: .rgb
    case 3: .palette
    case 4: .greyAlpha
    default: .rgba
    }
  }

  /// Whether so few compressed bytes can hold the image: deflate packs at most 1032 to 1.
  var canHoldPixels: Bool {
    let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType] ?? 1
    let rowBytes = (width * samples * bitDepth + 7) / 8
    return rowBytes * height / 1032 <= compressedBytes
  }
}
