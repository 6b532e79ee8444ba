import ARPG
import Foundation

extension DataPreparation {
  /// What became of a file of codes.
  public struct CodeReport: Sendable {
    /// The images whose codes were written.
    public package(set) var written = 0
    /// The images whose codes were there.
    public package(set) var present = 0
    /// The lines that were left out.
    public package(set) var skipped = 0
    /// The first of those, each with the reason.
    public package(set) var reasons: [String] = []
    /// The largest code; -1 without any.
    public package(set) var largestCode = -1
    /// The number of codes that were read.
    public package(set) var codes = 0

    /// The most reasons that are kept.
    package static let maxReasons = 1000

    mutating func skip(_ line: Int, of file: String, _ reason: CodeFile.Reason) {
      skipped += 1
      if reasons.count < Self.maxReasons { reasons.append("\(file):\(line)\t\(reason)") }
    }
  }

  /// Turns codes that another program made with the model's tokenizer into data, in place of images: `codes/CLASS/NAME.npy`.
  /// The file is `.jsonl` as RAR pretokenises its data, read a line at a time. Images whose codes are there already are
  /// passed over.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - linesPerImage: how many lines in a row are crops of one image, at least 1.
  ///   - root: the folder of the data.
  ///   - registries: the tokenizers that a description that is there may name.
  ///   - note: is told what the user should know before the work begins.
  ///   - progress: is told how many bytes of how many were read; what it throws ends the work.
  /// - Throws: where the model has no tokenizer, the folder holds other data, or a file cannot be read or written. A line that
  ///   is not as it should be is no error.
  public mutating func importCodes(
    of path: String, linesPerImage: Int = 1, to root: String, _ registries: Registries,
    note: (String) -> Void = { _ in },
    progress: (_ bytes: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> CodeReport {
    let file = CodeFile(path: path, linesPerImage: linesPerImage), limits = try codeLimits()
    var reader = try LineReader(path, maxBytes: limits.maxBytes)
    let changes = try writeDescription(labels: [], codes: file, to: root, registries)
    if !changes.isEmpty { note("\(changes.joined(separator: " and ")) changed: all codes are imported anew") }
    let folders = classFolders(limits.classes)
    var report = CodeReport(), image: CodeImage?, number = 0, used = 0
    while let line = try reader.next() {
      number += 1
      if number % 64 == 1 { try progress(reader.bytesRead, reader.size) }
      if case .bytes(let bytes) = line, bytes.allSatisfy(Self.isSpace) { continue }
      if used % linesPerImage == 0 {
        try write(image, of: file, folders, root, &report)
        image = CodeImage(line: number)
      }
      used += 1
      do throws(CodeFile.Reason) {
        let line = try limits.read(line)
        guard image?.label ?? line.label == line.label else {
          throw CodeFile.Reason(
            description: "the class \(line.label); the lines before it of the same image have another")
        }
        image?.label = line.label
        image?.crops += line.crops
      } catch {
        report.skip(number, of: path, error)
      }
    }
    try write(image, of: file, folders, root, &report)
    try progress(reader.size, reader.size)
    return report
  }

  /// An image of a file of codes.
  private struct CodeImage {
    /// The number of its first line.
    let line: Int
    var label: Int?
    var crops: [[Int]] = []
  }

  private func write(
    _ image: CodeImage?, of file: CodeFile, _ folders: [String]?, _ root: String, _ report: inout CodeReport
  ) throws {
    guard let image, let label = image.label, let tokens = image.crops.first?.count else { return }
    for crop in image.crops {
      report.codes += crop.count
      report.largestCode = max(report.largestCode, crop.max() ?? -1)
    }
    let digits = String(image.line), zeros = String(repeating: "0", count: max(0, 8 - digits.count))
    let folder = "\(root)/codes/\(folders?[label] ?? String(label))"
    let path = "\(folder)/\(file.stem)-\(zeros)\(digits).npy"
    if isWritten(path, from: file.path) {
      report.present += 1
      return
    }
    try Folder.make(folder)
    try NPYFile(shape: [1, image.crops.count, tokens], values: image.crops.flatMap { $0 }).write(to: path, as: .int32)
    report.written += 1
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }

  /// What the model's tokenizer, image size and classes ask of codes.
  private func codeLimits() throws -> CodeFile.Limits {
    guard let tokenizer = model.description.tokenizer?.configuration else {
      throw TrainingError.sample(
        path: model.path, found: "a model without a tokenizer", expected: "the one whose tokenizer made the codes")
    }
    let side = model.description.imageSize / tokenizer.downsamplingFactor, names = model.description.classNames
    return CodeFile.Limits(
      tokens: side * side, codebook: tokenizer.codebook,
      classes: model.description.decoder?.layout.classes ?? (names.isEmpty ? 1 << 20 : names.count))
  }

  /// What the folders of classes are called: by the names that the model has, where no two are the same and all can be names of
  /// folders; nil for their indices.
  private func classFolders(_ classes: Int) -> [String]? {
    let names = model.description.classNames
    let suit = names.allSatisfy {
      ImageFolder.isVisible($0) && !$0.isEmpty && $0 != "controls" && !$0.contains("/") && !$0.contains("\0")
        && $0.utf8.count < 200
    }
    return suit && names.count == classes && Set(names).count == classes ? names : nil
  }
}
