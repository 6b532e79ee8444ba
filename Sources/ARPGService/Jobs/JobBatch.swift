import ARPG

/// Images that are made together.
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
    /// How many tokens of a job's images are decoded, and how many there are.
    let done, total: Int
    /// The images so far of a job, with their places in it.
    let previews: (PreparedJob) throws -> [(index: Int, Image)]
  }

  /// An image that is finished.
  struct Finished {
    let job: PreparedJob
    let image: GeneratedImage
  }

  let jobs: [PreparedJob]
  /// How many images it makes.
  var count: Int { run.total }
  private let run: GenerationRun
  private var steps = 0

  init(_ job: PreparedJob) throws {
    jobs = [job]
    let request = job.job.request
    switch job.content {
    case .images(let controls):
      run = try job.pipeline.start(
        controls, count: request.count, numbers: Array(repeating: request.number, count: controls.batch),
        settings: job.settings, seed: request.seed)
    case .edit(let edit):
      run = try job.pipeline.start(
        edit, count: request.count, numbers: Array(repeating: request.number, count: edit.prepared.batch),
        settings: job.settings, seed: request.seed)
    }
  }

  func next() throws -> Event? {
    switch try run.next() {
    case .step(let progress):
      steps += 1
      return .step(
        Step(number: progress.step.index + 1, done: progress.tokensDone, total: progress.tokensTotal) { job in
          try job.pipeline.model.previews(of: progress.run).enumerated().map {
            (progress.first + $0.offset, $0.element)
          }
        })
    case .image(let image): return .image(Finished(job: jobs[0], image: image))
    case nil: return nil
    }
  }
}
