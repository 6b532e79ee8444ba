import ARPG
import Foundation

/// What data was prepared with, and since when: `prepared.json` beside it. Files of before that are made anew.
struct PreparationRecord: Codable, Equatable {
  /// The fingerprint of the tokenizer.
  var tokenizer: String
  /// The side of the images in pixels.
  var size: Int
  /// Which parts of each image.
  var crops: ImageCrops
  /// When preparation with these settings began, in seconds since 1970.
  var began: Double = 0

  private static let name = "prepared.json"

  /// Compares the settings with those of data that is there, and writes them down.
  ///
  /// - Returns: the record, and what has changed.
  /// - Throws: ``/ARPGFiles/FileError`` where it cannot be written.
  static func begin(
    tokenizer: String, size: Int, crops: ImageCrops, in root: String, dataTokenizer: String?
  ) throws -> (record: PreparationRecord, changes: [String]) {
    var record = PreparationRecord(tokenizer: tokenizer, size: size, crops: crops)
    let old = FileManager.default.contents(atPath: "\(root)/\(name)").flatMap {
      try? JSONDecoder().decode(PreparationRecord.self, from: $0)
    }
    var changes: [String] = []
    if let known = old?.tokenizer ?? dataTokenizer, known != tokenizer { changes.append("the tokenizer") }
    if let old {
      if old.size != size { changes.append("the size of the images") }
      if old.crops != crops { changes.append("the crops") }
    }
    record.began = changes.isEmpty ? old?.began ?? 0 : Date().timeIntervalSince1970
    guard record != old else { return (record, []) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(encoder.encode(record) + [UInt8(ascii: "\n")], to: "\(root)/\(name)")
    return (record, changes)
  }

  /// Whether a file was made with these settings, and after another was changed.
  func covers(_ file: String, of source: String) -> Bool {
    guard let made = Self.time(of: file) else { return false }
    return made >= began && made >= Self.time(of: source) ?? 0
  }

  private static func time(of path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }
}
