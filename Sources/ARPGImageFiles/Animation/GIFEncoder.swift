import ARPGFiles
import ARPGImages

/// An animated GIF: each frame has 256 colours of its own (GIF89a specification; the block that repeats it is Netscape's).
final class GIFEncoder: AnimationEncoder {
  private let path: String
  private let frames: UnnamedFile

  init(_ path: String) throws {
    self.path = path
    frames = try UnnamedFile(beside: path)
  }

  func append(_ image: Image, hundredths: UInt16) throws {
    guard let width = UInt16(exactly: image.width), let height = UInt16(exactly: image.height) else {
      throw ImageFileError.unwritable(
        path: path, reason: "\(image.width) x \(image.height) pixels are more than the 65535 a side of a GIF, take .png"
      )
    }
    let size = width.littleEndianBytes + height.littleEndianBytes
    var bytes: [UInt8] = []
    if frames.count == 0 {
      bytes += "GIF89a".utf8 + size + [0x70, 0, 0]  // 8 bits a channel, no colours for all frames
      bytes += [0x21, 0xFF, 11] + "NETSCAPE2.0".utf8 + [3, 1, 0, 0, 0]
    }
    let palette = ColourPalette(of: image)
    bytes += [0x21, 0xF9, 4, 0x04] + hundredths.littleEndianBytes + [0, 0]
    bytes += [0x2C, 0, 0, 0, 0] + size + [0x87]
    bytes += palette.colours + [UInt8](repeating: 0, count: 256 * 3 - palette.colours.count)
    bytes.append(8)
    let data = LZWEncoder.encode(palette.indices)
    for start in stride(from: 0, to: data.count, by: 255) {
      let part = data[start..<min(start + 255, data.count)]
      bytes.append(UInt8(part.count))
      bytes += part
    }
    bytes.append(0)
    try frames.append(bytes)
  }

  func finish(text: [(keyword: String, value: String)]) throws {
    try AtomicFile.write(to: path) { file in
      try frames.copy(to: &file)
      try file.append([0x3B])
    }
  }
}

extension UInt16 {
  /// Its bytes, the least significant first.
  fileprivate var littleEndianBytes: [UInt8] { [UInt8(self & 0xFF), UInt8(self >> 8)] }
}
