import ARPG
import ARPGImageFiles
import ARPGTraining
import ArgumentParser

/// `arpg data show DIR`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "See what training sees: images, and controls as they are changed.",
    discussion: """
      Writes a sheet with a column for each sample: its image as the tokenizer
      gives it back, and below it, for each adapter, the control that is stored and
      what training makes of it.

      EXAMPLES
        arpg data show data --adapters canny,depth -o data.png
      """)

  @Argument(help: "The folder of the data.")
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The image to write, .png, .jpg or .webp.", valueName: "file"))
  var output = "data.png"

  @Option(help: ArgumentHelp("Adapters whose controls are shown, separated by commas.", valueName: "names"))
  var adapters: String?

  @Option(help: ArgumentHelp("How many samples.", valueName: "n"))
  var count = 8

  @Option(help: ArgumentHelp("How many changed controls of each sample.", valueName: "n"))
  var changes = 3

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var seeding: SeedOption
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard 1...256 ~= count else { throw ValidationError("--count is \(count); it takes 1 to 256") }
    guard 0...64 ~= changes else { throw ValidationError("--changes is \(changes); it takes 0 to 64") }
    try ImageFile.requireWritable(output)
  }

  func run() throws {
    threads.apply()
    let registries = CommandContext.registries
    let names = adapters?.split(separator: ",").map(String.init) ?? []
    let sheet = try TrainingData(data, registries).sheet(
      adapters: names.map { try registries.adapters.trainableAdapter(named: $0) }, count: count, changes: changes,
      seed: seeding.seed)
    try ImageFile.write(sheet, to: output)
    try Report(report).results([output], json: .object(["path": .string(output)]))
  }
}
