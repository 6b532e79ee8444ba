import ARPG
import ARPGImageFiles
import Foundation

/// Where a command writes its images: one to the output's path; of several, a contact sheet there and each image beside
/// it with its number, from 1.
struct OutputImages {
  /// The output's path.
  let path: String

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
    Written(sheet: total > 1 ? path : nil, images: (0..<total).map { name($0, of: total) })
  }

  /// Writes a contact sheet of the first of some images.
  ///
  /// - Parameters:
  ///   - total: how many images there are, at least two.
  ///   - columns: of the sheet; nil chooses.
  ///   - text: what is stored with it.
  ///   - image: gives an image by its index.
  func writeSheet(
    of total: Int, columns: Int? = nil, text: [(keyword: String, value: String)] = [], image: (Int) throws -> Image
  ) throws {
    let images = try (0..<min(total, Self.maxOnSheet)).map(image)
    try ImageFile.write(ContactSheet(columns: columns).image(of: images), to: path, text: text)
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
