import ARPG
import ARPGImageFiles
import Foundation

/// What an image says it was made with.
struct MadeWith {
  let settings: SamplingSettings
  let seed: UInt64
  /// Its number among the images of its element, from 0.
  let number: Int
  /// Its size, where that is not the model's.
  let size: ImageSize?
  /// The scale of guidance of each control.
  private let scales: [ControlScale]

  /// Reads the text that this program writes into its images.
  ///
  /// - Throws: where the image cannot be read, or has no such text.
  static func read(_ path: String) throws -> MadeWith {
    guard let text = try ImageFile.text(of: path).first(where: { $0.keyword == "arpg" })?.value,
      let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8))
    else {
      throw CommandError("--like \(path): it does not say what it was made with; give an image that arpg wrote")
    }
    return MadeWith(
      settings: stored.settings, seed: stored.seed, number: max(0, stored.number ?? 0),
      size: stored.size.flatMap(ImageSize.init), scales: stored.controls ?? [])
  }

  /// Controls with the scale of guidance that the image's control of the same adapter had, where they have none: the first one
  /// of an adapter that of the first, and so on.
  func completing(_ controls: [ControlArgument]) -> [ControlArgument] {
    var rest = scales
    return controls.map { control in
      guard let index = rest.firstIndex(where: { $0.adapter == control.adapter }) else { return control }
      let scale = rest.remove(at: index)
      var control = control
      control.guidance = control.guidance ?? scale.guidance
      return control
    }
  }

  private struct Stored: Decodable {
    let settings: SamplingSettings
    let seed: UInt64
    let number: Int?
    let size: String?
    let controls: [ControlScale]?
  }

  private struct ControlScale: Decodable {
    let adapter: String
    let guidance: Float?
  }
}
