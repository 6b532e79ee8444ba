import ARPGFiles
import ARPGImages
import Testing

/// Reads what the encoder of this package may write as a GIF, straight from the specification (GIF89a).
struct GIFDecoder {
  /// The frames with how long each is shown, in hundredths of a second.
  private(set) var frames: [(image: Image, hundredths: Int)] = []
  /// Whether it is repeated without end.
  private(set) var isRepeated = false

  init(_ bytes: [UInt8]) throws {
    let reader = ByteReader(bytes)
    #expect(bytes.starts(with: "GIF89a".utf8))
    let width = try #require(reader.short(6)), height = try #require(reader.short(8))
    try #require(reader.byte(10).map { $0 & 0x80 } == 0)
    var position = 13, hundredths = 0
    while true {
      switch try #require(reader.byte(position)) {
      case 0x21:
        let label = try #require(reader.byte(position + 1))
        if label == 0xF9 { hundredths = try #require(reader.short(position + 4)) }
        position += 2
        let content = try Self.blocks(bytes, &position)
        if label == 0xFF { isRepeated = content == Array("NETSCAPE2.0".utf8) + [1, 0, 0] }
      case 0x2C:
        #expect(reader.short(position + 5) == width && reader.short(position + 7) == height)
        #expect(reader.byte(position + 9) == 0x87)
        let colours = bytes[position + 10..<position + 10 + 768]
        position += 10 + 768
        try #require(bytes[position] == 8)
        position += 1
        let indices = try Self.decompress(Self.blocks(bytes, &position))
        try #require(indices.count == width * height)
        let pixels = indices.flatMap { index in colours.dropFirst(Int(index) * 3).prefix(3) }
        frames.append((Image(width: width, height: height, pixels: pixels), hundredths))
      case 0x3B:
        #expect(position == bytes.count - 1)
        return
      case let other: throw Unexpected(byte: other)
      }
    }
  }

  private struct Unexpected: Error {
    let byte: Int
  }

  private static func blocks(_ bytes: [UInt8], _ position: inout Int) throws -> [UInt8] {
    var content: [UInt8] = []
    while true {
      try #require(position < bytes.count)
      let count = Int(bytes[position])
      try #require(position + 1 + count <= bytes.count)
      content += bytes[position + 1..<position + 1 + count]
      position += 1 + count
      if count == 0 { return content }
    }
  }

  /// LZW with codes from 9 bits on, the lowest bits first.
  static func decompress(_ bytes: [UInt8]) throws -> [UInt8] {
    var output: [UInt8] = [], table: [[UInt8]] = [], previous: [UInt8]?
    var width = 9, bit = 0
    func reset() { table = (0..<256).map { [UInt8($0)] } + [[], []] }
    reset()
    while true {
      try #require(bit + width <= bytes.count * 8)
      let code = (0..<width).reduce(0) { $0 | Int(bytes[(bit + $1) / 8] >> UInt8((bit + $1) % 8) & 1) << $1 }
      bit += width
      if code == 257 {
        #expect(bytes.count * 8 - bit < 8)
        return output
      }
      if code == 256 {
        reset()
        (width, previous) = (9, nil)
        continue
      }
      try #require(code < table.count || code == table.count && previous != nil)
      let known = previous ?? []
      let entry = code < table.count ? table[code] : known + known.prefix(1)
      output += entry
      if previous != nil, table.count < 4096 { table.append(known + entry.prefix(1)) }
      if table.count == 1 << width, width < 12 { width += 1 }
      previous = entry
    }
  }
}
