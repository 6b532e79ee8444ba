import ARPG
import ARPGImageFiles
import Foundation

/// Where a command writes its images: one to the output's path; of several, a contact sheet there and each image beside
/// it with its number, from 1. To standard output, one image or the sheet alone.
struct OutputImages {
  /// The path that stands for standard output.
  static let standardOutput = "-"

  /// The output's path.
  let path: String

  /// Whether images go to standard output.
  var isStandardOutput: Bool { path == Self.standardOutput }

  /// The files written.
  struct Written {
    /// The contact sheet, where there are several images.
    var sheet: String?
    /// Each image.
    var images: [String]

    var all: [String] { [sheet].compactMap { $0 } + images }
  }

  /// The most images on a contact sheet: it shows the first of them.
  static let maxOnSheet = 256

  /// The path of an image among some, by its index from 0.
  func name(_ index: Int, of total: Int) -> String {
    total > 1 ? beside("-" + (index + 1).padded(to: String(total).count)) : path
  }

  /// The files of some images.
  func written(_ total: Int) -> Written {
    isStandardOutput
      ? Written(sheet: nil, images: [])
      : Written(sheet: total > 1 ? path : nil, images: (0..<total).map { name($0, of: total) })
  }

  /// Writes a contact sheet of the first of some images.
  ///
  /// - Parameters:
  ///   - total: how many images there are, at least two.
  ///   - columns: of the sheet; nil chooses.
  ///   - labels: gives what stands under an image; nil for nothing.
  ///   - text: what is stored with it.
  ///   - image: gives an image by its index.
  func writeSheet(
    of total: Int, columns: Int? = nil, labels: ((Int) -> String)? = nil, text: [(keyword: String, value: String)] = [],
    image: (Int) throws -> Image
  ) throws {
    let images = try (0..<min(total, Self.maxOnSheet)).map(image)
    let sheet = ContactSheet(columns: columns)
    try Self.write(
      labels.map { sheet.image(of: images, labels: images.indices.map($0)) } ?? sheet.image(of: images),
      to: path, text: text)
  }

  /// Writes one of some images, unless standard output takes their sheet alone.
  func write(
    _ image: Image, _ index: Int, of total: Int, text: [(keyword: String, value: String)] = []
  ) throws {
    if isStandardOutput, total > 1 { return }
    try Self.write(image, to: name(index, of: total), text: text)
  }

  /// Writes an image to a file, or as PNG to standard output.
  static func write(_ image: Image, to path: String, text: [(keyword: String, value: String)] = []) throws {
    guard path == standardOutput else { return try ImageFile.write(image, to: path, text: text) }
    try StandardStreams.result([UInt8](ImageFile.encode(image, as: .png, text: text, named: "standard output")))
  }

  /// Checks before long work that an image can be written to a path.
  ///
  /// - Parameter json: whether the command is to print JSON.
  static func requireWritable(_ path: String, json: Bool) throws {
    guard path == standardOutput else { return try ImageFile.requireWritable(path) }
    guard !json else { throw CommandError("-o - and --json both write to standard output; name a file for the image") }
    guard isatty(STDOUT_FILENO) == 0 else {
      throw CommandError("standard output is a terminal; send the image into a file or a pipe, or name a file")
    }
  }

  /// The output's path with something between its name and its extension.
  func beside(_ suffix: String) -> String {
    let fileExtension = URL(fileURLWithPath: path).pathExtension
    guard !fileExtension.isEmpty else { return path + suffix }
    return "\(path.dropLast(fileExtension.count + 1))\(suffix).\(fileExtension)"
  }
}

extension Int {
  /// The number with zeros in front up to a width.
  func padded(to width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
