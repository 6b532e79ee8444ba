import ARPGFiles

/// What the segments of a JPEG file say, without decoding (ITU-T T.81, annex B).
struct JPEGHeader {
  var width = 0
  var height = 0
  var bitDepth = 0
  var componentIdentifiers: [Int] = []
  var isProgressive = false
  var isArithmetic = false
  var adobeTransform: Int?
  var hasJFIF = false
  var orientation = 1
  var comments: [String] = []
  var userComment: String?

  /// Walks the segments to the first scan.
  init(_ bytes: [UInt8], path: String) throws {
    let reader = ByteReader(bytes, isBigEndian: true)
    var position = 2
    var hasOrientation = false, xmpOrientation: Int?
    while true {
      guard let first = reader.byte(position), let marker = reader.byte(position + 1) else {
        throw ImageFileError.truncated(path: path, detail: "\(bytes.count) bytes, no scan")
      }
      guard first == 0xFF else {
        throw ImageFileError.damaged(path: path, detail: "expected a marker at byte \(position)")
      }
      if marker == 0xFF {
        position += 1
        continue
      }
      guard marker != 0xD9 else { throw ImageFileError.damaged(path: path, detail: "it has no scan") }
      guard let length = reader.short(position + 2), position + 2 + length <= bytes.count else {
        throw ImageFileError.truncated(path: path, detail: "\(bytes.count) bytes, no scan")
      }
      guard length >= 2 else { throw ImageFileError.damaged(path: path, detail: "a segment has no length") }
      let body = bytes[position + 4..<position + 2 + length]
      switch marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: try readFrame(body, marker: marker, path: path)
      case 0xE0 where body.starts(with: "JFIF\0".utf8): hasJFIF = true
      case 0xE1 where !hasOrientation && body.starts(with: "Exif\0\0".utf8):
        orientation = Orientation.read(fromTIFF: body.dropFirst(6))
        userComment = UserComment.read(fromTIFF: body.dropFirst(6))
        hasOrientation = true
      case 0xE1 where body.starts(with: "http://ns.adobe.com/xap/1.0/\0".utf8):
        xmpOrientation = xmpOrientation ?? Orientation.read(fromXMP: body.dropFirst(29))
      case 0xEE where body.starts(with: "Adobe".utf8): adobeTransform = ByteReader(body, isBigEndian: true).byte(11)
      case 0xFE: comments.append(String(decoding: body, as: UTF8.self))
      case 0xDA:
        guard width > 0 else { throw ImageFileError.damaged(path: path, detail: "it has no frame header") }
        if !hasOrientation, let xmpOrientation { orientation = xmpOrientation }
        return
      default: break
      }
      position += 2 + length
    }
  }

  private mutating func readFrame(_ body: ArraySlice<UInt8>, marker: Int, path: String) throws {
    let reader = ByteReader(body, isBigEndian: true)
    guard let bitDepth = reader.byte(0), let height = reader.short(1), let width = reader.short(3),
      let count = reader.byte(5)
    else { throw ImageFileError.damaged(path: path, detail: "the frame header is too short") }
    guard width > 0, height > 0 else {
      throw ImageFileError.damaged(path: path, detail: "it declares \(width) x \(height) pixels")
    }
    guard [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(marker) else {
      throw ImageFileError.unsupported(path: path, detail: "it is a lossless or hierarchical JPEG")
    }
    guard bitDepth == 8 else {
      throw ImageFileError.unsupported(path: path, detail: "it is a JPEG of \(bitDepth) bits")
    }
    guard [1, 3, 4].contains(count) else {
      throw ImageFileError.unsupported(path: path, detail: "it is a JPEG of \(count) components")
    }
    componentIdentifiers = (0..<count).compactMap { reader.byte(6 + 3 * $0) }
    guard componentIdentifiers.count == count else {
      throw ImageFileError.damaged(path: path, detail: "the frame header is too short")
    }
    (self.width, self.height, self.bitDepth) = (width, height, bitDepth)
    isProgressive = marker == 0xC2 || marker == 0xCA
    isArithmetic = marker == 0xC9 || marker == 0xCA
  }

  var kind: ImageFileInfo.Kind {
    switch componentIdentifiers.count {
    case 1: .grey
    case 3:
      if hasJFIF {
        .yCbCr
      } else if let adobeTransform {
        adobeTransform == 0 ? .rgb : .yCbCr
      } else {
        componentIdentifiers == [82, 71, 66] ? .rgb : .yCbCr
      }
    default: adobeTransform == 2 ? .ycck : .cmyk
    }
  }

  /// Whether so few bytes can hold the image: Huffman coding spends at least one bit on each block of 8 x 8.
  func canHoldPixels(in bytes: [UInt8]) -> Bool {
    isArithmetic || (width + 7) / 8 * ((height + 7) / 8) <= bytes.count * 8
  }
}
