import ARPG
import ARPGImageFiles
import Foundation

/// Where a command writes its pictures: one to the output's path; of several, a contact sheet there and each picture beside
/// it with its number, from 1.
struct PictureFiles {
  /// The output's path.
  let path: String

  /// The files written.
  struct Written {
    /// The contact sheet, where there are several pictures.
    var sheet: String?
    /// Each picture.
    var pictures: [String]

    var all: [String] { [sheet].compactMap { $0 } + pictures }
  }

  /// The most pictures on a contact sheet: it shows the first of them.
  static let mostOnSheet = 256

  /// The path of a picture among some, by its index from 0.
  func name(_ index: Int, of total: Int) -> String {
    total > 1 ? beside("-" + (index + 1).padded(to: String(total).count)) : path
  }

  /// The files of some pictures.
  func written(_ total: Int) -> Written {
    Written(sheet: total > 1 ? path : nil, pictures: (0..<total).map { name($0, of: total) })
  }

  /// Writes a contact sheet of the first of some pictures.
  ///
  /// - Parameters:
  ///   - total: how many pictures there are, at least two.
  ///   - columns: of the sheet; nil chooses.
  ///   - text: what is stored with it.
  ///   - picture: gives a picture by its index.
  func writeSheet(
    of total: Int, columns: Int? = nil, text: [(keyword: String, value: String)] = [], picture: (Int) throws -> Image
  ) throws {
    let pictures = try (0..<min(total, Self.mostOnSheet)).map(picture)
    try ImageFile.write(ContactSheet(columns: columns).image(of: pictures), to: path, text: text)
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
