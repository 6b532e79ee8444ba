import ARPG

/// A job whose controls are read and encoded.
final class PreparedJob {
  /// What is made.
  enum Content {
    case images(PreparedControls)
    case edit(PreparedEdit)
  }

  let job: Job
  let pipeline: Pipeline
  let content: Content
  let settings: SamplingSettings
  let record: GenerationRecord
  /// What its images have in common with others that are made together with them; nil for an edit, which is made alone.
  let shape: SamplingShape?
  /// How many images it makes.
  let total: Int
  /// How many of them are begun, and how many are finished.
  var begun = 0, finished = 0
  /// What its previews cost.
  var previews = PreviewCost()

  /// Reads and encodes the controls of a job.
  ///
  /// - Throws: where the model, a control or a setting cannot be used.
  init(_ job: Job, _ loaded: LoadedModel, _ limits: ServiceLimits) throws {
    guard let request = job.takeRequest() else { throw CancellationError() }
    let specifications = request.controls.map(\.specification)
    pipeline = try loaded.pipeline(request.size)
    let model = pipeline.model, prepared: PreparedControls, notes: [String]
    if let edit = request.edit {
      let laid = try pipeline.prepare(edit, specifications, fit: request.fit, seed: request.seed)
      (content, prepared, notes) = (.edit(laid), laid.prepared, laid.notes)
    } else {
      prepared = try pipeline.prepare(specifications, fit: request.fit)
      (content, notes) = (.images(prepared), prepared.notes)
    }
    settings = request.settings.applied(to: model.sampling(for: prepared.active))
    try pipeline.check(settings)
    let (total, isTooLarge) = prepared.batch.multipliedReportingOverflow(by: request.count)
    guard !isTooLarge, total <= limits.count else {
      throw ServiceError(
        .unprocessable, "the request asks for \(total) images; one request takes \(limits.count) at most")
    }
    self.total = total
    self.job = job
    if case .images(let controls) = content {
      shape = try MergedRun.shape(of: MergedRun.Item(controls, settings: settings), in: pipeline)
    } else {
      shape = nil
    }
    var controls = request.controls
    for (index, reading) in prepared.readings.enumerated() {
      controls[index].reading = reading
      controls[index].manifest = try loaded.manifest(ofAdapter: controls[index].specification.adapter)
    }
    record = GenerationRecord(
      model, weights: try loaded.fingerprints(adapters: specifications.map(\.adapter)), seed: request.seed,
      settings: settings, controls: controls, edit: request.editRecord)
    job.prepared(count: total, notes: notes)
  }

  /// Whether images of both can be made in one batch.
  func goesTogether(with other: PreparedJob) -> Bool { pipeline === other.pipeline && shape == other.shape }

  /// One of its images as a batch makes it.
  func item(_ index: Int) -> MergedRun.Item {
    guard case .images(let controls) = content else { preconditionFailure("an edit is made alone") }
    let (element, number) = index.quotientAndRemainder(dividingBy: job.request.count)
    return MergedRun.Item(
      controls, element: controls.batch == 1 ? 0 : element, settings: settings, seed: job.request.seed,
      number: job.request.number + number)
  }

  /// The place of an image among those of the job.
  func index(element: Int, number: Int) -> Int { element * job.request.count + number }
}
