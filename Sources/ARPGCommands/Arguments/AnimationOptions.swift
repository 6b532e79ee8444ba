import ARPG
import ARPGImageFiles
import ArgumentParser
import Foundation

extension UndecidedCells: ExpressibleByArgument {}

/// How decoding is shown while it happens.
struct AnimationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write an animation of the decoding: .png (APNG), .gif, or a folder for numbered frames. Each frame takes about "
        + "0.08 s for an image of 256 x 256 on two cores.",
      valueName: "file"))
  var animate: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A frame of the animation every n steps. (default: at most 64 frames)", valueName: "n"))
  var animateEvery: Int?

  @Option(help: "How previews and animations show undecided cells: checker, or mean, the mean colour of the others.")
  var undecided = UndecidedCells.checker

  func validate() throws {
    if let animateEvery, animateEvery < 1 {
      throw ValidationError("--animate-every is \(animateEvery); it takes 1 or more")
    }
    guard let animate else {
      if animateEvery != nil { throw ValidationError("--animate-every needs --animate FILE to write to") }
      return
    }
    try AnimationFile.requireWritable(animate)
  }

  /// The file of the animation; nil where there is none, or a folder.
  var file: String? { animate.flatMap { AnimationFile.isFolder($0) ? nil : $0 } }

  /// Starts the animation where there is to be one; the first of several processes writes it.
  ///
  /// - Parameters:
  ///   - others: the paths of what else is written.
  ///   - note: is told what the user should know.
  func start(
    _ output: GenerationOutput, others: [String], note: @escaping (String) -> Void
  ) throws -> GenerationAnimation? {
    guard let animate, CommandContext.processes.isFirst else { return nil }
    func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    guard !others.map(place).contains(place(animate)) else {
      throw CommandError("--animate \(animate): is another output of this command; choose another name")
    }
    return try GenerationAnimation(animate, of: output, every: animateEvery, undecided: undecided, note: note)
  }
}
