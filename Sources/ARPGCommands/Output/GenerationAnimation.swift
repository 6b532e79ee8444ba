import ARPG
import ARPGImageFiles

/// The animation of the first batch of images that is decoded, a frame for each step or every few.
final class GenerationAnimation {
  private let path: String
  private let file: AnimationFile
  private let output: GenerationOutput
  private let every: Int?
  private let undecided: UndecidedCells
  private let note: (String) -> Void
  private var steps = 0

  /// The most frames unless told otherwise.
  private static let mostFrames = 64
  /// How long frames are shown.
  private static let seconds = 0.08, secondsOfLast = 2.0

  init(
    _ path: String, of output: GenerationOutput, every: Int?, undecided: UndecidedCells,
    note: @escaping (String) -> Void
  ) throws {
    self.path = path
    file = try AnimationFile(path)
    self.output = output
    self.every = every
    self.undecided = undecided
    self.note = note
  }

  /// Where it is written; nil where no step was taken, since there is none then.
  var written: String? { file.count > 0 ? path : nil }

  /// Takes note of a step.
  func record(_ state: GenerationProgress) throws {
    guard state.first == 0 else { return }
    steps += 1
    let stepCount = state.run.stepSizes.count { $0 > 0 }
    let every = every ?? (stepCount + Self.mostFrames - 1) / Self.mostFrames
    let isLast = state.step.done == state.step.total
    guard isLast || steps % every == 0 else { return }
    try file.append(
      output.frame(state, undecided: undecided), seconds: isLast ? Self.secondsOfLast : Self.seconds)
    let shown = state.run.codes.count
    if isLast, shown < output.total {
      note("the animation shows the first \(shown) of \(output.total) images, which are decoded together")
    }
  }

  /// Writes the animation.
  func finish() throws {
    guard written != nil else { return note("\(path): nothing was decoded, so that there is no animation") }
    try file.finish(text: output.textOfAll)
  }
}
