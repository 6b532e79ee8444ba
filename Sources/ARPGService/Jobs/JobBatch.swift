import ARPG

/// Images that are made together: some of one or several jobs, which share every weight that is read, or an edit by itself.
final class JobBatch {
  /// What happened.
  enum Event {
    case step(Step)
    case image(Finished)
  }

  /// A step of the batch.
  struct Step {
    /// Counted from 1.
    let number: Int
    /// How much of the images of the batch is decoded, 0 to 1.
    let progress: Double
    /// The image so far of each image of the batch, in its order.
    let preview: (_ place: Int) throws -> Image
  }

  /// An image that is finished.
  struct Finished {
    let job: PreparedJob
    let element: Int
    /// Its number among those of the element in this job, from 0.
    let number: Int
    let image: Image
  }

  /// The jobs that the images belong to, each once.
  let jobs: [PreparedJob]
  /// How many images it makes.
  var count: Int { places.count }
  /// For each image of the batch its job and its place among the job's images.
  let places: [(job: PreparedJob, index: Int)]
  private let run: Run

  private enum Run {
    case merged(MergedRun)
    case edit(GenerationRun)
  }

  /// Some images of jobs, all of one shape.
  init(_ places: [(job: PreparedJob, index: Int)]) throws {
    self.places = places
    var jobs: [PreparedJob] = []
    for place in places where !jobs.contains(where: { $0 === place.job }) { jobs.append(place.job) }
    self.jobs = jobs
    run = .merged(try MergedRun(places[0].job.pipeline, places.map { $0.job.item($0.index) }))
  }

  /// All images of an edit.
  init(_ job: PreparedJob, edit: PreparedEdit) throws {
    let request = job.job.request
    places = (0..<job.total).map { (job, $0) }
    jobs = [job]
    run = .edit(
      try job.pipeline.start(
        edit, count: request.count, numbers: Array(repeating: request.number, count: edit.prepared.batch),
        settings: job.settings, seed: request.seed))
  }

  func next() throws -> Event? {
    switch run {
    case .merged(let run):
      switch try run.next() {
      case .step(let progress): return .step(step(progress, of: places[0].job.pipeline.model))
      case .image(let item, let image): return .image(finished(item, image.image))
      case nil: return nil
      }
    case .edit(let run):
      switch try run.next() {
      case .step(let progress): return .step(step(progress, of: jobs[0].pipeline.model))
      case .image(let image):
        return .image(finished(jobs[0].index(element: image.element, number: image.number), image.image))
      case nil: return nil
      }
    }
  }

  private func step(_ progress: GenerationProgress, of model: Model) -> Step {
    Step(
      number: progress.step.index + 1,
      progress: Double(progress.tokensDone) / Double(max(1, progress.tokensTotal))
    ) { place in
      let slot = place - progress.first
      guard progress.run.codes.indices.contains(slot) else { throw CancellationError() }
      return try model.preview(of: progress.run.codes[slot], isDecoded: progress.run.isDecoded[slot], undecided: .mean)
    }
  }

  private func finished(_ place: Int, _ image: Image) -> Finished {
    let (job, index) = places[place]
    let (element, number) = index.quotientAndRemainder(dividingBy: job.job.request.count)
    return Finished(job: job, element: element, number: number, image: image)
  }

  /// Gives up the images of a job, where that is possible while others go on.
  func giveUp(_ job: PreparedJob) {
    guard case .merged(let run) = run else { return }
    for (place, owner) in places.enumerated() where owner.job === job { run.cancel(item: place) }
  }
}
