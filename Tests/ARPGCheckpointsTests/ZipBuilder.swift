/// Builds zip files, right or wrong, with 32-bit or zip64 numbers.
struct ZipBuilder {
  var is64 = false
  var method: UInt16 = 0
  /// Added to the number of entries that the end of the directory tells.
  var extraEntries = 0
  /// Added to the size that the directory tells of every file.
  var extraBytes = 0

  func file(_ contents: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in contents {
      let header = body.count
      let size = bytes.count + extraBytes
      body += little(UInt32(0x0403_4b50)) + zeros(22) + little(UInt16(name.utf8.count)) + zeros(2) + name.utf8 + bytes
      let wide =
        is64
        ? little(UInt16(0xfeca)) + little(UInt16(1)) + [9] + little(UInt16(1)) + little(UInt16(24))
          + little(UInt64(size)) + little(UInt64(size)) + little(UInt64(header)) : []
      directory += little(UInt32(0x0201_4b50)) + zeros(6) + little(method) + zeros(8) + number(size) + number(size)
      directory += little(UInt16(name.utf8.count)) + little(UInt16(wide.count)) + zeros(10) + number(header)
      directory += Array(name.utf8) + wide
    }
    let count = contents.count + extraEntries
    var end: [UInt8] = []
    if is64 {
      end +=
        little(UInt32(0x0606_4b50)) + little(UInt64(44)) + zeros(12) + little(UInt64(count)) + little(UInt64(count))
      end += little(UInt64(directory.count)) + little(UInt64(body.count))
      end += little(UInt32(0x0706_4b50)) + zeros(4) + little(UInt64(body.count + directory.count)) + little(UInt32(1))
    }
    end += little(UInt32(0x0605_4b50)) + zeros(4)
    end += is64 ? [255, 255, 255, 255] : little(UInt16(count)) + little(UInt16(count))
    end += number(directory.count) + number(body.count) + zeros(2)
    return body + directory + end
  }

  private func number(_ value: Int) -> [UInt8] { is64 ? [255, 255, 255, 255] : little(UInt32(value)) }
  private func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
  private func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
