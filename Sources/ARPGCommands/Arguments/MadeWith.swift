import ARPG
import ARPGImageFiles
import Foundation

/// What an image says it was made with.
struct MadeWith {
  let settings: SamplingSettings
  let seed: UInt64
  /// Its number among the images of its element, from 0.
  let number: Int

  /// Reads the text that this program writes into its images.
  ///
  /// - Throws: where the image cannot be read, or has no such text.
  static func read(_ path: String) throws -> MadeWith {
    guard let text = try ImageFile.text(of: path).first(where: { $0.keyword == "arpg" })?.value,
      let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8))
    else {
      throw CommandError("--like \(path): it does not say what it was made with; give an image that arpg wrote")
    }
    return MadeWith(settings: stored.settings, seed: stored.seed, number: max(0, stored.number ?? 0))
  }

  private struct Stored: Decodable {
    let settings: SamplingSettings
    let seed: UInt64
    let number: Int?
  }
}
