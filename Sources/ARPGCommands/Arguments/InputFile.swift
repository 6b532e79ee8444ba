import ARPG
import ARPGFiles
import ARPGImageFiles
import ARPGTraining
import ArgumentParser
import Foundation

/// An image that a command is given: a file, or standard input where `-` stands for its name.
struct InputFile {
  /// The name that stands for standard input.
  static let standardInput = "-"

  private let file: MappedFile
  private let limit: ImageLimits

  /// Opens a file, or reads standard input to its end.
  ///
  /// - Throws: where it cannot be read or is over the limit of bytes.
  init(_ path: String, limit: ImageLimits = .default) throws {
    self.limit = limit
    file =
      path == Self.standardInput
      ? try MappedFile(copying: StandardStreams.input(maxBytes: limit.bytes), named: "standard input")
      : try ImageFile.bytes(of: path, limit: limit)
  }

  /// What tells the file from others: a hash of its bytes.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    file.withBytes { fingerprint.add($0) }
    return fingerprint.text
  }

  /// The image, or the measurements of a `.npy` file.
  ///
  /// - Throws: what reading throws, with the option that allows more where there are too many pixels.
  func image(note: (String) -> Void) throws -> Image {
    do {
      return try InputImage.read(file, limit: limit, note: note)
    } catch ImageFileError.tooLarge(let path, let found, let expected) {
      throw CommandError("\(path): \(found), expected \(expected); scale the image down, or give --max-pixels N")
    }
  }
}

extension InputFile {
  /// What an adapter is given: the content of a file, or the text itself.
  ///
  /// - Returns: the input, and a hash of the file's bytes; nil where there is no file.
  /// - Throws: where the file cannot be read, or is not what is asked for.
  static func input(
    _ kind: AdapterDescriptor.Input, _ text: String, limit: ImageLimits, note: (String) -> Void
  ) throws -> (ControlInput, fingerprint: String?) {
    switch kind {
    case .image:
      let file = try InputFile(text, limit: limit)
      return (.image(try file.image(note: note)), file.fingerprint)
    case .text: return (.text(text), nil)
    case .tensor: return (.tensor(try TensorFile.read(text)), try InputFile(text).fingerprint)
    case .file:
      let file = try InputFile(text, limit: ImageLimits(bytes: mostBytes))
      return (.file(file.file.withBytes { Data($0) }), file.fingerprint)
    }
  }

  /// The largest file that is handed to an adapter as it is.
  private static let mostBytes = 64 << 20
}

/// What input images may ask for.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most pixels of an input image; reading takes about 16 bytes for each.", valueName: "n"))
  var maxPixels = ImageLimits.default.pixels

  func validate() throws {
    let most = 1 << 30
    guard 1...most ~= maxPixels else { throw ValidationError("--max-pixels is \(maxPixels); it takes 1 to \(most)") }
  }

  var limit: ImageLimits { ImageLimits(pixels: maxPixels) }
}
