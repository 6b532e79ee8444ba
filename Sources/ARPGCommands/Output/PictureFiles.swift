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

  /// Writes pictures.
  ///
  /// - Parameters:
  ///   - pictures: at least one.
  ///   - columns: of the contact sheet; nil chooses.
  ///   - text: what is stored with each picture, by its index.
  ///   - sheetText: what is stored with the contact sheet.
  func write(
    _ pictures: [Image], columns: Int? = nil, text: (Int) throws -> [(keyword: String, value: String)] = { _ in [] },
    sheetText: [(keyword: String, value: String)] = []
  ) throws -> Written {
    guard pictures.count > 1 else {
      for picture in pictures { try ImageFile.write(picture, to: path, text: text(0)) }
      return Written(pictures: [path])
    }
    let width = String(pictures.count).count
    let names = try pictures.enumerated().map { index, picture in
      let name = beside("-" + (index + 1).padded(to: width))
      try ImageFile.write(picture, to: name, text: text(index))
      return name
    }
    try ImageFile.write(ContactSheet(columns: columns).image(of: pictures), to: path, text: sheetText)
    return Written(sheet: path, pictures: names)
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
