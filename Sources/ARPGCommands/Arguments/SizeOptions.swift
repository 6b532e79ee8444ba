import ARPG
import ArgumentParser
import Foundation

/// How large images are, and whether they are made at all.
struct SizeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Width and height in pixels, or the side of a square; up to twice the model's. (default: the model's)",
      valueName: "width[xheight]"),
    transform: Self.size)
  var size: ImageSize?

  @Flag(help: "Take one step and tell size, steps, memory and time; nothing is written.")
  var dryRun = false

  func validate() throws {
    if dryRun, CommandContext.processes.count > 1 { throw ValidationError("--dry-run takes a single process") }
  }

  private static func size(_ text: String) throws -> ImageSize {
    guard let size = ImageSize(text) else {
      throw ValidationError(
        "it takes width and height in pixels, such as 384x256, or the side of a square, such as 512")
    }
    return size
  }
}

extension Model {
  /// The same model for images of a size that an option asks for; nil asks for the model's own.
  func sized(option size: ImageSize?) throws -> Model {
    guard let size else { return self }
    do throws(ImageSizeError) { return try sized(size) } catch { throw CommandError("--\(error)") }
  }
}

extension GenerationEstimate {
  /// What a command prints.
  var lines: [String] {
    [
      "\(images) \(images == 1 ? "image" : "images") of \(size.text) pixels",
      "\(tokens) tokens in \(steps) steps\(images == 1 ? "" : " each")",
      String(format: "%.2f GB of memory", Double(peakBytes) / 1e9),
      String(format: "%.1f s", seconds),
    ]
  }

  /// The same as JSON.
  var json: JSONValue {
    .object([
      "images": .number(Double(images)), "width": .number(Double(size.width)), "height": .number(Double(size.height)),
      "tokens": .number(Double(tokens)), "steps": .number(Double(steps)), "bytes": .number(Double(peakBytes)),
      "seconds": .number((seconds * 1000).rounded() / 1000),
    ])
  }
}
