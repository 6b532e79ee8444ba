import ARPG
import ARPGScenes
import ARPGTensor
import ArgumentParser
import Synchronization

/// `arpg data scenes -o DIR --count N`.
struct ScenesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenes",
    abstract: "Render scenes of 16 classes of objects or of any shapes, with depth.",
    discussion: """
      Writes images/CLASS/NUMBER.png, depth/CLASS/NUMBER.png (16-bit grey, near
      bright), parts/CLASS/NUMBER.png (which part of an object each pixel shows)
      and scenes.json into a folder. Scenes of any shapes have no class: their
      files stand in images, depth and parts themselves. A scene depends on seed,
      kinds, cameras and its number alone. Called again, the command resumes where
      it was stopped, or adds scenes behind those that are there.

      EXAMPLES
        arpg data scenes -o scenes --count 4096
        arpg data scenes -o scenes --count 4096 --first 4096
        arpg data scenes -o any --count 9000 --kinds classes=0.35,shapes=0.65
        arpg data scenes -o held-out --count 256 --seed 1 --size 128
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write to; made where there is none.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("How many scenes.", valueName: "n"))
  var count: Int

  @Option(help: ArgumentHelp("The side of the images in pixels.", valueName: "pixels"))
  var size = 256

  @Option(help: ArgumentHelp("Which scenes; each seed has its own.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The number of the first scene.", valueName: "n"))
  var first = 0

  @OptionGroup var scenes: SceneOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    let sizes = SceneDataset.sizes, most = SceneFolder.maxScenes
    guard sizes.contains(size) else {
      throw ValidationError("--size is \(size); it takes \(sizes.lowerBound) to \(sizes.upperBound)")
    }
    guard 1...most ~= count else { throw ValidationError("--count is \(count); it takes 1 to \(most)") }
    guard 0...most - count ~= first else {
      throw ValidationError("--first is \(first); with \(count) scenes it takes 0 to \(most - count)")
    }
  }

  func run() throws {
    threads.apply()
    let scenes = SceneDataset(seed: seed, size: size, kinds: scenes.kinds, cameras: scenes.cameras)
    let numbers = first..<first + count
    var folder = try SceneFolder(output, for: scenes, adding: numbers)
    let progress = ProgressLine(unit: "scenes", total: count, quiet: report.quiet)
    defer { progress.finish() }
    var drawn = 0
    // Enough at once to keep all threads busy, few enough to stop soon when asked.
    let step = (size <= 256 ? 8 : 1) * Parallel.threads
    for start in stride(from: first, to: numbers.upperBound, by: step) {
      try Interruption.check(leaving: "call it again to resume")
      let end = min(start + step, numbers.upperBound)
      drawn += try draw(start..<end, of: scenes, into: folder)
      progress.update(done: end - first)
    }
    try folder.complete(numbers)
    progress.finish()
    let report = Report(report)
    if drawn < count { report.note("\(count - drawn) of \(count) scenes were there") }
    try report.results(
      [output],
      json: .object([
        "path": .string(output), "scenes": .number(Double(count)), "drawn": .number(Double(drawn)),
      ]))
  }

  /// Draws those of the scenes that are not in the folder, and tells how many these were.
  private func draw(_ numbers: Range<Int>, of scenes: SceneDataset, into folder: SceneFolder) throws -> Int {
    let result = Mutex<Result<Int, any Error>>(.success(0))
    Parallel.forEach(numbers.count) { index in
      let number = numbers.lowerBound + index
      let sceneClass = scenes.sceneClass(of: number)
      guard !folder.holds(number, of: sceneClass) else { return }
      do {
        try folder.write(scenes.scene(number), number: number)
        result.withLock { $0 = $0.map { $0 + 1 } }
      } catch {
        result.withLock { $0 = .failure(error) }
      }
    }
    return try result.withLock { try $0.get() }
  }
}
