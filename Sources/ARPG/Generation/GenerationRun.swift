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
  /// How many tokens there are to decode, over all images.
  public var tokens: Int {
    total * (edit.map { $0.plan.freshCount } ?? model.layout.tokens - (known?.positions.count ?? 0))
  }

  let model: Model
  /// The controls of each pass over an image: one, or one for each window of an edit.
  private(set) var controls: [[ActiveControl]]
  private let jobs: [Job]
  private let known: KnownCodes?
  private let edit: PreparedEdit?
  private let random: SeededRandomSource
  private let wantsLogits: Bool
  /// How many images are decoded together; where nothing is decoded, one after the other.
  private(set) var batchSize = 1
  private var finished = 0
  /// The sizes of the steps of the batch that is being decoded; empty when all is done.
  var stepSizes: [Int] { batch?.run.stepSizes ?? [] }
  private var batch: Batch?
  /// Images of a batch that is decoded, still to be handed out.
  private var pending: ArraySlice<(job: Job, codes: [Int])> = []

  /// Images that are decoded together.
  private struct Batch {
    let jobs: ArraySlice<Job>
    /// Which pass is taken, from 0.
    let pass: Int
    let run: SamplingRun
    /// The codes of each image before this pass, where it is edited.
    let grids: [[Int]]
  }

  init(
    _ model: Model, controls: [[ActiveControl]], jobs: [Job], settings: SamplingSettings, seed: UInt64,
    known: KnownCodes?, edit: PreparedEdit? = nil, wantsLogits: Bool
  ) throws(SamplingError) {
    self.model = model
    self.controls = controls
    self.jobs = jobs
    self.settings = settings
    self.known = known
    self.edit = edit
    self.wantsLogits = wantsLogits
    random = SeededRandomSource(seed: seed)
    TensorStorage.keepFreedMemory()
    if !jobs.isEmpty, edit.map({ !$0.plan.windows.isEmpty }) ?? true {
      let request = request(jobs[..<1], pass: 0, grids: edit.map { [$0.codes] } ?? [])
      batchSize = try Sampler(model.decoder).shape(of: request).batchSize
    }
    try startBatch()
  }

  /// Takes a step, or finishes an image; nil when all images are made.
  ///
  /// - Throws: `CancellationError` where the task is cancelled.
  public func next() throws -> Event? {
    while true {
      try Task.checkCancellation()
      if let image = try nextImage() { return image }
      if batch == nil { return nil }
      if let progress = try nextStep() { return .step(progress) }
      // What the decoder remembered is given back before the tokenizer needs memory.
      if batch == nil { TensorStorage.returnFreedMemory() }
    }
  }

  /// Takes a step; nil where the pass is done, which then gives way to the next one, or to its images.
  private func nextStep() throws -> GenerationProgress? {
    guard let batch else { return nil }
    var logits: Tensor?
    if wantsLogits { batch.run.observeLogits = { logits = $1 } }
    if let step = batch.run.next() { return progress(batch, step, logits) }
    let codes = grids(behind: batch)
    if batch.pass + 1 < controls.count {
      self.batch = try start(batch.jobs, pass: batch.pass + 1, grids: codes)
    } else {
      pending = zip(batch.jobs, codes).map { ($0, $1) }[...]
      self.batch = nil
    }
    return nil
  }

  /// Changes the strength of a control from the next step on: what that changes of codes that are decoded already depends on the
  /// decoder's family.
  ///
  /// - Parameters:
  ///   - strength: the factor of its condition tokens; 0 is none.
  ///   - index: its place among the controls; one that does not exist changes nothing.
  public func setStrength(_ strength: Float, ofControl index: Int) {
    guard controls[0].indices.contains(index), strength.isFinite else { return }
    for pass in controls.indices { controls[pass][index].strength = strength }
    batch?.run.controls[index].strength = strength
  }

  private func progress(_ batch: Batch, _ step: SamplingStep, _ logits: Tensor?) -> GenerationProgress {
    let sizes = edit.map { $0.plan.windows.map(\.fresh.count) } ?? [step.total]
    return GenerationProgress(
      step: step, run: batch.run, first: finished, total: jobs.count, logits: logits,
      doneBefore: sizes[..<batch.pass].reduce(0, +), tokensOfImage: sizes.reduce(0, +))
  }

  /// The codes of each image when a pass is done.
  private func grids(behind batch: Batch) -> [[Int]] {
    guard let plan = edit?.plan else { return batch.run.codes }
    return zip(batch.run.codes, batch.grids).map { plan.placing($0, of: plan.windows[batch.pass], in: $1) }
  }

  private func nextImage() throws -> Event? {
    guard let (job, codes) = pending.popFirst() else { return nil }
    let image = GeneratedImage(
      image: try edit?.image(of: codes, by: model) ?? model.image(of: codes), codes: codes, element: job.element,
      number: job.number)
    finished += 1
    if pending.isEmpty { try startBatch() }
    return .image(image)
  }

  private func startBatch() throws(SamplingError) {
    let jobs = jobs[finished..<min(finished + batchSize, jobs.count)]
    guard !jobs.isEmpty else { return }
    guard let edit else {
      batch = try start(jobs, pass: 0, grids: [])
      return
    }
    let grids = Array(repeating: edit.codes, count: jobs.count)
    if edit.plan.windows.isEmpty {
      pending = zip(jobs, grids).map { ($0, $1) }[...]
    } else {
      batch = try start(jobs, pass: 0, grids: grids)
    }
  }

  private func start(_ jobs: ArraySlice<Job>, pass: Int, grids: [[Int]]) throws(SamplingError) -> Batch {
    let run = try Sampler(model.decoder).start(request(jobs, pass: pass, grids: grids))
    return Batch(jobs: jobs, pass: pass, run: run, grids: grids)
  }

  private func request(_ jobs: ArraySlice<Job>, pass: Int, grids: [[Int]]) -> SamplingRequest {
    let given: KnownCodes?
    if let plan = edit?.plan {
      given = plan.known(in: plan.windows[pass], of: grids)
    } else {
      given = known.map { known in known.selecting(jobs.map { known.codes.count > 1 ? $0.index : 0 }) }
    }
    // Each pass has random numbers of its own.
    var request = SamplingRequest(
      images: jobs.map { $0.randomNumber &+ pass << 40 },
      controls: controls[pass].map { $0.selecting(jobs.map(\.element)) }, settings: settings, random: random,
      known: given)
    if edit == nil { request.coarse = model.coarse(for: request) }
    return request
  }
}

/// An image that was generated.
public struct GeneratedImage: Sendable {
  /// The image.
  public let image: Image
  /// Its codes, in raster order; of an image that is edited, those of its whole grid.
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
  /// How many tokens of each image of the batch were decoded in windows before this one.
  let doneBefore: Int
  /// The tokens of an image that there are to decode.
  let tokensOfImage: Int

  /// The tokens decoded so far, over all images.
  public var tokensDone: Int { first * tokensOfImage + run.codes.count * (doneBefore + step.done) }
  /// The tokens that there are to decode, over all images.
  public var tokensTotal: Int { total * tokensOfImage }
}
