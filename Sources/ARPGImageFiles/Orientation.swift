import ARPGFiles
import ARPGImages

/// How an image is stored relative to how it is to be seen (EXIF 2.32, tag 0x0112).
enum Orientation {
  /// The orientation that a TIFF structure (the body of an EXIF block) names; 1 where it names none.
  static func read(fromTIFF bytes: ArraySlice<UInt8>) -> Int {
    var reader = ByteReader(bytes)
    reader.isBigEndian = reader.short(0) == 0x4D4D
    guard reader.isBigEndian || reader.short(0) == 0x4949, reader.short(2) == 42,
      let directory = reader.long(4), let entries = reader.short(directory)
    else { return 1 }
    for index in 0..<entries {
      let entry = directory + 2 + 12 * index
      guard let tag = reader.short(entry) else { break }
      guard tag == 0x0112 else { continue }
      // SHORT as the standard says, BYTE or LONG as some programs write it.
      let value: Int? =
        switch reader.short(entry + 2) {
        case 1: reader.byte(entry + 8)
        case 3: reader.short(entry + 8)
        case 4: reader.long(entry + 8)
        default: nil
        }
      guard let value, (1...8).contains(value) else { return 1 }
      return value
    }
    return 1
  }

  /// The orientation that an XMP packet names, as an attribute or an element `tiff:Orientation`; nil where it names none.
  static func read(fromXMP bytes: ArraySlice<UInt8>) -> Int? {
    let name = Array("tiff:Orientation".utf8)
    var rest = bytes
    while let first = rest.firstIndex(of: name[0]) {
      rest = rest[first...]
      guard rest.starts(with: name) else {
        rest = rest.dropFirst()
        continue
      }
      let value = rest.dropFirst(name.count).prefix(8).drop { [0x20, 0x3D, 0x22, 0x27, 0x3E].contains($0) }
      guard let digit = value.first, (0x31...0x38).contains(digit) else { return nil }
      return Int(digit - 0x30)
    }
    return nil
  }

  /// The orientation in a profile that ImageMagick writes as text into a PNG: a line break, the name, the length, and the bytes of
  /// an EXIF block in hexadecimal. Nil where it is none.
  static func read(fromRawProfile text: some Sequence<UInt8>) -> Int? {
    let lines = Array(text).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    guard lines.count > 2 else { return nil }
    var bytes: [UInt8] = [], high: UInt8?
    for character in lines.dropFirst(2).joined() {
      guard let digit = Character(Unicode.Scalar(character)).hexDigitValue.map(UInt8.init) else { continue }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    let body = bytes.starts(with: "Exif\0\0".utf8) ? bytes[6...] : bytes[...]
    return read(fromTIFF: body)
  }

  /// Whether width and height change places.
  static func swapsSides(_ orientation: Int) -> Bool { orientation >= 5 }

  /// The image as it is to be seen.
  static func apply(_ orientation: Int, to image: Image) -> Image {
    guard orientation != 1 else { return image }
    let (width, height) = (image.width, image.height)
    let swaps = swapsSides(orientation)
    let flipsColumns = [2, 3, 7, 8].contains(orientation)
    let flipsRows = [3, 4, 6, 7].contains(orientation)
    let origin = (flipsColumns ? width - 1 : 0) + (flipsRows ? (height - 1) * width : 0)
    let columnStep = flipsColumns ? -1 : 1
    let rowStep = flipsRows ? -width : width
    let steps = swaps ? (right: rowStep, down: columnStep) : (right: columnStep, down: rowStep)
    let size = swaps ? (width: height, height: width) : (width: width, height: height)

    func rearranged<Sample>(_ samples: [Sample], channels: Int) -> [Sample] {
      [Sample](unsafeUninitializedCapacity: samples.count) { target, count in
        for y in 0..<size.height {
          for x in 0..<size.width {
            let source = (origin + x * steps.right + y * steps.down) * channels
            for channel in 0..<channels {
              target.initializeElement(at: (y * size.width + x) * channels + channel, to: samples[source + channel])
            }
          }
        }
        count = samples.count
      }
    }
    return Image(
      width: size.width, height: size.height, pixels: rearranged(image.pixels, channels: 3),
      deepGrey: image.deepGrey.map { rearranged($0, channels: 1) },
      alpha: image.alpha.map { rearranged($0, channels: 1) })
  }
}
