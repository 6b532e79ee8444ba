import ARPG
import ARPGImageFiles
import ArgumentParser
import Foundation

/// `arpg info [MODEL|FILE]`.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tell what a model, a checkpoint or an image is.",
    discussion: """
      All weights and tensors are read and checked; an image made by this
      program tells what it was made with. Anything broken is an error.

      EXAMPLES
        arpg info
        arpg info models/arpg-l
        arpg info arpg_300m.pt
        arpg info out.png
        arpg info models/arpg-l --classes --matching terrier
      """)

  @Argument(
    help:
      "A model's folder, a checkpoint (.safetensors, .pt, a folder with one) or an image. (default: the starter model)")
  var path: String?

  @Flag(help: "List the classes of the model, a line each.")
  var classes = false

  @Option(help: ArgumentHelp("List those classes alone whose names hold a text.", valueName: "text"))
  var matching: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    let path = try path ?? CommandContext.program.model()
    if classes || matching != nil {
      let found = try ModelInspection.classes(of: path, matching: matching)
      guard !found.isEmpty else {
        throw CommandError("\(path): no class \(matching.map { "has '\($0)' in its name" } ?? "has a name")")
      }
      return try Report(report).results(found, json: .array(found.map(JSONValue.string)))
    }
    let description = try Self.describe(path)
    try Report(report).results(description.lines, json: .object(description.json))
  }

  private static func describe(_ path: String) throws -> Description {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandError("\(path): there is no such file or folder; give a model's folder, a checkpoint or an image")
    }
    if isFolder.boolValue {
      let isModel = FileManager.default.fileExists(atPath: "\(path)/\(ModelFolder.descriptionName)")
      let checkpoint = isModel ? nil : try Checkpoint.file(inFolder: path)
      return try checkpoint.map(CheckpointInspection.describe) ?? ModelInspection.describe(path)
    }
    return try ImageFile.isImage(path) ? describeImage(path) : CheckpointInspection.describe(path)
  }

  private static func describeImage(_ path: String) throws -> Description {
    let info = try ImageFile.info(of: path)
    let image = try ImageFile.read(path)
    var description = Description()
    description.add("kind", "kind", "\(info.format.rawValue) image, \(info.kind.rawValue), \(info.bitDepth) bits")
    description.add("size", "size", "\(image.width) x \(image.height) pixels")
    for entry in try ImageFile.text(of: path) { description.add(entry.keyword, entry.keyword, entry.value) }
    return description
  }
}

/// What is known of something, as lines and as JSON.
struct Description {
  private(set) var lines: [String] = []
  private(set) var json: [String: JSONValue] = [:]

  /// Adds a line `label   text`, and a JSON entry.
  mutating func add(_ label: String, _ key: String, _ text: String, json value: JSONValue? = nil) {
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, row) in rows.enumerated() { lines.append("\((index == 0 ? label : "").padded(to: 14)) \(row)") }
    json[key] = value ?? .string(text)
  }
}
