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
      guard reader.short(entry + 2) == 3, let value = reader.short(entry + 8) else { return 1 }
      return (1...8).contains(value) ? value : 1
    }
    return 1
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
      deepGrey: image.deepGrey.map { rearranged($0, channels: 1) })
  }
}
