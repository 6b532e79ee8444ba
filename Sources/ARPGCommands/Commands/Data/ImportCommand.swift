import ARPG
import ARPGTraining
import ArgumentParser
import Foundation

/// `arpg data import FILE -o DIR`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn codes that another program made into data to train on.",
    discussion: """
      FILE has a JSON object on each line, as RAR's pretokenised data has:
        {"class_id": 3, "tokens": [5, 17, ...]}
      The codes are in raster order; tokens may be a list of lists, one for each
      crop of an image. They must be those of the model's own tokenizer: RAR's
      published file holds codes of MaskGIT's VQGAN, which suit no other, not
      LlamaGen's either. The same command again resumes; lines that are not as
      they should be are left out and listed.

      With --lines-per-image 10, RAR's ten crops are one image, which --held-out
      keeps together. Without ten-crop, RAR writes the mirror images of a whole
      batch behind it: these stay images of their own.

      EXAMPLES
        arpg data import pretokenized.jsonl -o data --model models/arpg-l
        arpg data import pretokenized.jsonl -o data --lines-per-image 10
      """)

  @Argument(help: "A file of codes and classes.")
  var file: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the data.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("How many lines in a row are crops of one image.", valueName: "n"))
  var linesPerImage = 1

  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard 1...64 ~= linesPerImage else {
      throw ValidationError("--lines-per-image is \(linesPerImage); it takes 1 to 64")
    }
  }

  func run() throws {
    model.threads.apply()
    let registries = CommandContext.registries
    let folder = try ModelFolder.read(model.path(), registries)
    var preparation = try DataPreparation(model: folder, adapters: [])
    let report = Report(report)
    var progress: ProgressLine?
    defer { progress?.finish() }
    let result = try preparation.importCodes(
      of: file, linesPerImage: linesPerImage, to: output, registries, note: report.note
    ) { bytes, total in
      try Interruption.check(leaving: "the same command resumes from there")
      let line = progress ?? ProgressLine(unit: "MiB", total: total >> 20, quiet: self.report.quiet)
      line.update(done: bytes >> 20)
      progress = line
    }
    progress?.finish()
    if result.skipped > 0 {
      let more = result.skipped - result.reasons.count
      let lines = result.reasons + (more > 0 ? ["and \(more) lines more"] : [])
      try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(output)/skipped.txt")
      report.note("\(result.skipped) lines were left out; \(output)/skipped.txt says why")
    }
    guard result.written + result.present > 0 else {
      throw CommandError(result.reasons.first?.replacing("\t", with: ": ") ?? "\(file): there are no codes")
    }
    let codebook = folder.description.tokenizer?.configuration.codebook ?? 0
    if result.codes >= codebook, result.largestCode < codebook / 2 {
      report.note(
        "the largest code is \(result.largestCode), the model's tokenizer has 0 to \(codebook - 1): make sure that it made "
          + "these codes")
    }
    try report.results(
      [output],
      json: .object([
        "path": .string(output), "images": .number(Double(result.written + result.present)),
        "written": .number(Double(result.written)), "skipped": .number(Double(result.skipped)),
      ]))
  }
}
