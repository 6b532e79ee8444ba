import ARPGFiles
import ARPGImages
import Foundation

/// An animated PNG: libpng compresses each frame, whose data then stand in chunks that other programs skip. These see the
/// last frame (PNG specification, third edition, section 11.3.6).
final class APNGEncoder: AnimationEncoder {
  private let path: String
  /// The chunks of all frames.
  private let frames: UnnamedFile
  private var count: UInt32 = 0
  /// The number of the next chunk of the animation.
  private var sequence: UInt32 = 0
  private var last: Image?

  /// Readers such as ours take no chunk of several megabytes but those of the image itself.
  private static let mostChunkBytes = 1 << 20

  init(_ path: String) throws {
    self.path = path
    frames = try UnnamedFile(beside: path)
  }

  func append(_ image: Image, hundredths: UInt16) throws {
    let control =
      number() + UInt32(image.width).bigEndianBytes + UInt32(image.height).bigEndianBytes
      + UInt32(0).bigEndianBytes + UInt32(0).bigEndianBytes  // where it lies: at the left, at the top
      + hundredths.bigEndianBytes + UInt16(100).bigEndianBytes
      + [0, 0]  // it stays, and the next replaces it
    try frames.append(PNGChunk.encode("fcTL", control, path: path))
    let bytes = [UInt8](try PNGFile.encode(image, text: [], alwaysColour: true, path: path))
    var data: [UInt8] = []
    try PNGChunk.forEach(of: bytes, path: path) { if $0.type == "IDAT" { data += bytes[$0.body] } }
    for start in stride(from: 0, to: data.count, by: Self.mostChunkBytes) {
      let part = data[start..<min(start + Self.mostChunkBytes, data.count)]
      try frames.append(PNGChunk.encode("fdAT", number() + part, path: path))
    }
    count += 1
    last = image
  }

  func finish(text: [(keyword: String, value: String)]) throws {
    guard let last else { return }
    for entry in text { try ImageFile.check(entry, path: path) }
    let still = [UInt8](try PNGFile.encode(last, text: text, alwaysColour: true, path: path))
    // How many frames there are, and that they are repeated without end.
    let control = try PNGChunk.encode("acTL", count.bigEndianBytes + UInt32(0).bigEndianBytes, path: path)
    try AtomicFile.write(to: path) { file in
      try file.append(FileSignature.png)
      try PNGChunk.forEach(of: still, path: path) { chunk in
        if chunk.type == "IEND" { try frames.copy(to: &file) }
        try file.append(still[chunk.range])
        if chunk.type == "IHDR" { try file.append(control) }
      }
    }
  }

  /// The next sequence number.
  private func number() -> [UInt8] {
    defer { sequence += 1 }
    return sequence.bigEndianBytes
  }
}

extension FixedWidthInteger {
  /// Its bytes, the most significant first.
  fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian, Array.init) }
}
