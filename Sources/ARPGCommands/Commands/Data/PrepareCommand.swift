import ARPG
import ARPGTraining
import ArgumentParser
import Foundation

extension ImageCrops: ExpressibleByArgument {}

/// `arpg data prepare IMAGES -o DIR`.
struct PrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Turn images into codes and control images to train on.",
    discussion: """
      IMAGES is a folder with one folder a class, or a text file with a path
      and a class on each line. Controls come from IMAGES/ADAPTER/CLASS/NAME.png,
      or .txt for a text, where that is there, otherwise from the images where
      they tell (edges do). The same command again resumes; images that cannot be
      read are left out and listed.

      EXAMPLES
        arpg data prepare photos -o data --adapters canny --crops ten
        arpg data prepare scenes -o data --adapters canny,depth --model runs/vq/model
      """)

  @Argument(help: "A folder of images, or a list of them.")
  var images: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("Adapters whose controls are stored, separated by commas.", valueName: "names"))
  var adapters: String?

  @Option(help: "Which parts of each image: its centre, with its mirror image, or ten-crop.")
  var crops = ImageCrops.centre

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    model.threads.apply()
    let registries = CommandContext.registries
    let names = adapters?.split(separator: ",").map(String.init) ?? []
    var preparation = try DataPreparation(
      model: .read(model.path(), registries),
      adapters: names.map { try registries.adapters.trainableAdapter(named: $0) }, crops: crops)
    let list = try ImageList(images)
    let report = Report(report)
    let changes = try preparation.writeDescription(labels: list.labels, to: output, registries)
    if !changes.isEmpty { report.note("\(changes.joined(separator: " and ")) changed: all images are prepared anew") }
    let progress = ProgressLine(unit: "images", total: list.entries.count, quiet: self.report.quiet)
    defer { progress.finish() }
    var written = 0
    var skipped = list.unread.map { "\($0)\ta format that is not read; convert it to PNG or JPEG" }
    let total = list.entries.count + list.unread.count
    for (index, entry) in list.entries.enumerated() {
      try Interruption.check(leaving: "the same command resumes from there")
      switch try preparation.prepare(entry, of: list, to: output) {
      case .written: written += 1
      case .present: break
      case .skipped(let reason): skipped.append("\(entry.path)\t\(reason)")
      }
      progress.update(done: index + 1)
    }
    progress.finish()
    if !skipped.isEmpty {
      try AtomicFile.write(Array((skipped.joined(separator: "\n") + "\n").utf8), to: "\(output)/skipped.txt")
      report.note("\(skipped.count) of \(total) images were left out; \(output)/skipped.txt says why")
    }
    guard skipped.count < total else { throw CommandError(skipped[0].replacing("\t", with: ": ")) }
    try report.results(
      [output],
      json: .object([
        "path": .string(output), "images": .number(Double(total)), "written": .number(Double(written)),
        "skipped": .number(Double(skipped.count)),
      ]))
  }
}
