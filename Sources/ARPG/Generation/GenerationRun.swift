import ARPGTensor

/// Images that are being generated. Each call of ``next()`` takes a step or finishes an image; who wants no more of them
/// lets go of the run, or cancels the task it works in.
///
/// A class, since a run cannot be copied, and not sent to other tasks.
public final class GenerationRun {
  /// What happened.
  public enum Event {
    /// A step of a batch was taken.
    case step(GenerationProgress)
    /// An image is finished. Images come in order.
    case image(GeneratedImage)
  }

  /// An image to make.
  struct Job {
    /// Its place among all images.
    let index: Int
    let element: Int
    let number: Int
    /// What its random numbers belong to.
    let randomNumber: Int
  }

  /// How codes are drawn.
  public let settings: SamplingSettings
  /// How many images the run makes.
  public var total: Int { jobs.count }

  private let model: Model
  private let controls: [ActiveControl]
  private let jobs: [Job]
  private let known: KnownCodes?
  private let random: SeededRandomSource
  private let wantsLogits: Bool
  private let batchSize: Int
  private var finished = 0
  private var batch: (run: SamplingRun, jobs: ArraySlice<Job>)?
  /// Images of a batch that is decoded, still to be handed out.
  private var pending: ArraySlice<(job: Job, codes: [Int])> = []

  init(
    _ model: Model, controls: [ActiveControl], jobs: [Job], settings: SamplingSettings, seed: UInt64,
    known: KnownCodes?, wantsLogits: Bool
  ) throws(SamplingError) {
    self.model = model
    self.controls = controls
    self.jobs = jobs
    self.settings = settings
    self.known = known
    self.wantsLogits = wantsLogits
    random = SeededRandomSource(seed: seed)
    batchSize = try Self.batchSize(model, settings, known: known?.positions.count ?? 0)
    batch = try startBatch()
  }

  /// Takes a step, or finishes an image; nil when all images are made.
  ///
  /// - Throws: `CancellationError` where the task is cancelled.
  public func next() throws -> Event? {
    try Task.checkCancellation()
    if let image = try nextImage() { return image }
    guard let (run, jobs) = batch else { return nil }
    var logits: Tensor?
    if wantsLogits { run.observeLogits = { logits = $1 } }
    if let step = run.next() {
      return .step(
        GenerationProgress(step: step, run: run, first: finished, total: self.jobs.count, logits: logits))
    }
    pending = zip(jobs, run.codes).map { ($0, $1) }[...]
    batch = nil
    return try nextImage()
  }

  private func nextImage() throws -> Event? {
    guard let (job, codes) = pending.popFirst() else { return nil }
    let image = GeneratedImage(
      image: try model.image(of: codes), codes: codes, element: job.element, number: job.number)
    finished += 1
    if pending.isEmpty { batch = try startBatch() }
    return .image(image)
  }

  private func startBatch() throws(SamplingError) -> (run: SamplingRun, jobs: ArraySlice<Job>)? {
    let batch = jobs[finished..<min(finished + batchSize, jobs.count)]
    guard !batch.isEmpty else { return nil }
    let request = SamplingRequest(
      images: batch.map(\.randomNumber), controls: controls.map { $0.selecting(batch.map(\.element)) },
      settings: settings, random: random,
      known: known.map { known in known.selecting(batch.map { known.codes.count > 1 ? $0.index : 0 }) })
    return (try Sampler(model.decoder).start(request), batch)
  }

  /// How many images are decoded together: as many as keep the logits of a step within a quarter of a gigabyte.
  private static func batchSize(
    _ model: Model, _ settings: SamplingSettings, known: Int
  ) throws(SamplingError) -> Int {
    try settings.validate()
    let layout = model.layout
    let schedule = try type(of: model.decoder).schedule(named: settings.schedule)
    let sizes = try schedule.stepSizes(tokens: max(0, layout.tokens - known), steps: settings.steps)
    return max(1, min(16, (1 << 28) / (max(1, sizes.max() ?? 1) * layout.vocab * 4 * 3)))
  }
}

/// An image that was generated.
public struct GeneratedImage: Sendable {
  /// The image.
  public let image: Image
  /// Its codes, in raster order.
  public let codes: [Int]
  /// Which element of the controls' lists it was made from.
  public let element: Int
  /// Its number among those of this element, from 0.
  public let number: Int
}

/// How far the generation of images has come.
public struct GenerationProgress {
  /// The step that was taken.
  public let step: SamplingStep
  /// The batch that is being decoded.
  public let run: SamplingRun
  /// How many images were finished before this batch.
  public let first: Int
  /// How many images there will be.
  public let total: Int
  /// The logits of the step, `[batch, positions, vocab]`, after guidance and before the temperature; nil where nobody asked
  /// for them.
  public let logits: Tensor?

  /// The tokens decoded so far, over all images.
  public var tokensDone: Int { first * step.total + run.codes.count * step.done }
  /// The tokens that there are to decode, over all images.
  public var tokensTotal: Int { total * step.total }
}
