import ARPG
import ARPGTensor

/// Measures how long a model takes for a batch of images, as sampling makes them: its decoder for the codes, and its
/// tokenizer for the pixels of one image after another.
package struct SpeedEvaluation {
  /// What was found.
  package struct Result: Sendable {
    /// The images that are decoded together, and the steps and codes of each.
    package let batch, steps, tokens: Int
    /// The decoder, and the tokenizer, for the whole batch.
    package let decoder, tokenizer: Timing
    /// The most memory that the process has had so far, in bytes.
    package let peakBytes: Int
  }

  /// Runs of the same work, at least one.
  package struct Timing: Sendable {
    /// In the order of their time.
    private let runs: [TimeByPart.Record]

    fileprivate init(_ runs: [TimeByPart.Record]) { self.runs = runs.sorted { $0.whole < $1.whole } }

    /// The run in the middle; of an even number, the faster one of the two.
    package var median: TimeByPart.Record { runs[(runs.count - 1) / 2] }
    /// The seconds of the fastest run and of the slowest one.
    package var range: ClosedRange<Double> { runs[0].whole...runs[runs.count - 1].whole }
    /// The seconds of each run, the fastest first.
    package var seconds: [Double] { runs.map(\.whole) }
  }

  private let model: Model
  private let controls: [ActiveControl]
  private let settings: SamplingSettings

  /// The steps before the runs, whose time does not count: they bring weights and memory in.
  private static let warmUpSteps = 2

  /// An evaluation of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - controls: what the images are conditioned on, each with one element.
  ///   - settings: how codes are drawn.
  package init(_ model: Model, controls: [ActiveControl] = [], settings: SamplingSettings) {
    self.model = model
    self.controls = controls
    self.settings = settings
  }

  /// Measures some runs, after two steps and one image whose time does not count.
  ///
  /// - Parameters:
  ///   - batch: how many images are decoded together.
  ///   - runs: how many times that is done, at least once.
  ///   - observe: is told after each step how many of the steps of all runs are done; what it throws ends the work.
  /// - Throws: ``SamplingError`` where the settings do not fit the decoder, or what `observe` throws.
  package func measure(
    batch: Int, runs: Int, observe: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> Result {
    let sampler = Sampler(model.decoder)
    let request = SamplingRequest(images: Array(0..<batch), controls: controls, settings: settings)
    let first = try sampler.start(request)
    for _ in 0..<Self.warmUpSteps { _ = first.next() }
    _ = try model.image(of: first.codes[0])
    let steps = first.stepSizes.count { $0 > 0 }
    var decoder: [TimeByPart.Record] = [], tokenizer: [TimeByPart.Record] = []
    for run in 0..<runs {
      let (codes, decoding) = try TimeByPart.recording {
        var done = run * steps
        return try sampler.sample(request) { _ in
          done += 1
          try observe(done, runs * steps)
        }
      }
      decoder.append(decoding)
      tokenizer.append(try TimeByPart.recording { for row in codes { _ = try model.image(of: row) } }.record)
    }
    return Result(
      batch: batch, steps: steps, tokens: model.layout.tokens, decoder: Timing(decoder), tokenizer: Timing(tokenizer),
      peakBytes: PeakMemory.bytes)
  }
}
