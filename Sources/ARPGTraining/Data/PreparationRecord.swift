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
  /// The files of codes that were imported, by name, each with its fingerprint; nil for data of images.
  var codeFiles: [String: String]?
  /// How many lines of such a file are one image; nil for data of images.
  var linesPerImage: Int?
  /// When preparation with these settings began, in seconds since 1970.
  var began: Double = 0

  private static let name = "prepared.json"

  /// Compares the settings with those of data that is there, and writes them down.
  ///
  /// - Returns: the record, and what has changed.
  /// - Throws: ``TrainingError`` where codes would be mixed with others; ``/ARPGFiles/FileError`` where the record cannot be
  ///   written.
  static func begin(
    tokenizer: String, size: Int, crops: ImageCrops, codes: CodeFile? = nil, in root: String, dataTokenizer: String?
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
    try record.add(codes, to: old, root)
    record.began = changes.isEmpty ? old?.began ?? 0 : Date().timeIntervalSince1970
    guard record != old else { return (record, []) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(encoder.encode(record) + [UInt8(ascii: "\n")], to: "\(root)/\(name)")
    return (record, changes)
  }

  /// Adds a file of codes to those that are there already.
  private mutating func add(_ file: CodeFile?, to old: PreparationRecord?, _ root: String) throws {
    linesPerImage = file?.linesPerImage
    codeFiles = old?.codeFiles
    if let old, old.linesPerImage != linesPerImage {
      func text(_ lines: Int?) -> String { lines.map(String.init) ?? "none, for images" }
      throw TrainingError.otherRun(
        path: root, setting: "--lines-per-image", found: text(linesPerImage), expected: text(old.linesPerImage))
    }
    guard let file else { return }
    let fingerprint = try file.fingerprint()
    if let known = codeFiles?[file.name], known != fingerprint {
      throw TrainingError.sample(
        path: file.path, found: "not the file of this name whose codes are in \(root)",
        expected: "the same file, or another folder for the data")
    }
    codeFiles = (codeFiles ?? [:]).merging([file.name: fingerprint]) { $1 }
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
