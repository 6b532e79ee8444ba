import ARPGTensor

extension Pipeline {
  /// Starts to generate images.
  ///
  /// Every image that the controls describe is made `count` times, numbered from 0; random numbers belong to the seed and
  /// this number, so that an image does not depend on what is made beside it.
  ///
  /// - Parameters:
  ///   - controls: from ``prepare(_:fit:)`` or ``encode(_:)``.
  ///   - count: how often each image is made.
  ///   - numbers: the number of each element's first image; nil for 0 each. Controls of one element describe all of them.
  ///   - settings: how codes are drawn; where nil, what the model suggests for these controls.
  ///   - seed: of the random numbers.
  ///   - known: codes that are given and kept, a row for each image; those of one row for every image.
  ///   - processes: share out the images; this one makes a run of them, the same images however many processes there are.
  ///   - wantsLogits: whether steps carry their logits.
  /// - Throws: ``SamplingError`` where something does not fit the decoder, before anything is computed.
  public func start(
    _ controls: PreparedControls = .none, count: Int = 1, numbers: [Int]? = nil, settings: SamplingSettings? = nil,
    seed: UInt64 = 0, known: KnownCodes? = nil, processes: any ProcessGroup = SingleProcess(),
    wantsLogits: Bool = false
  ) throws -> GenerationRun {
    let jobs = try jobs(of: controls.batch, count: count, numbers: numbers, known: known, processes)
    return try GenerationRun(
      model, controls: [controls.active], jobs: jobs, settings: settings ?? model.sampling(for: controls.active),
      seed: seed, known: known, wantsLogits: wantsLogits)
  }

  /// Starts to edit an image: once for every image that the controls describe, `count` times.
  ///
  /// - Parameters:
  ///   - edit: from ``prepare(_:_:fit:seed:)``.
  ///   - count: how often each image is made.
  ///   - numbers: the number of each element's first image; nil for 0 each.
  ///   - settings: how codes are drawn; where nil, what the model suggests for these controls.
  ///   - seed: of the random numbers.
  ///   - processes: share out the images; this one makes a run of them, the same images however many processes there are.
  ///   - wantsLogits: whether steps carry their logits.
  /// - Throws: as ``start(_:count:numbers:settings:seed:known:processes:wantsLogits:)``.
  public func start(
    _ edit: PreparedEdit, count: Int = 1, numbers: [Int]? = nil, settings: SamplingSettings? = nil, seed: UInt64 = 0,
    processes: any ProcessGroup = SingleProcess(), wantsLogits: Bool = false
  ) throws -> GenerationRun {
    let active = edit.prepared.active
    let jobs = try jobs(of: edit.prepared.batch, count: count, numbers: numbers, known: nil, processes)
    return try GenerationRun(
      model, controls: edit.controls.map(\.active), jobs: jobs, settings: settings ?? model.sampling(for: active),
      seed: seed, known: nil, edit: edit, wantsLogits: wantsLogits)
  }

  /// The images of a request that this process makes.
  private func jobs(
    of batch: Int, count: Int, numbers: [Int]?, known: KnownCodes?, _ processes: any ProcessGroup
  ) throws(SamplingError) -> [GenerationRun.Job] {
    guard 1...Self.maxCount ~= count else {
      throw .outOfRange(setting: "count", found: "\(count)", expected: "1 to \(Self.maxCount)")
    }
    let elements = batch == 1 ? numbers?.count ?? 1 : batch
    if let numbers, numbers.count != elements || elements == 0 {
      throw .mismatch(
        "numbers of images", found: "\(numbers.count)",
        expected: batch == 1 ? "1 or more" : "\(elements), one for each element")
    }
    let total = elements * count
    if let known, known.codes.count != 1, known.codes.count != total {
      throw .mismatch(
        "rows of known codes", found: "\(known.codes.count)", expected: total == 1 ? "1" : "1 or \(total)")
    }
    return processes.share(of: total).map { index in
      let (element, number) = index.quotientAndRemainder(dividingBy: count)
      return GenerationRun.Job(
        index: index, element: element, number: number, randomNumber: (numbers?[element] ?? 0) + number)
    }
  }

  private static var maxCount: Int { 1 << 24 }

  /// Starts to generate what is asked for: reads and encodes the controls first.
  ///
  /// - Throws: as ``prepare(_:fit:)`` and ``start(_:count:numbers:settings:seed:known:processes:wantsLogits:)``.
  public func start(_ request: GenerationRequest) throws -> GenerationRun {
    if let edit = request.edit {
      guard request.known == nil else {
        throw EditError.impossible(
          reason: "known codes are given beside an edit, which has its own", remedy: "leave one of them out")
      }
      let prepared = try prepare(edit, request.controls, fit: request.fit, seed: request.seed)
      return try start(
        prepared, count: request.count,
        settings: request.settings.applied(to: model.sampling(for: prepared.prepared.active)), seed: request.seed)
    }
    let controls = try prepare(request.controls, fit: request.fit)
    return try start(
      controls, count: request.count, settings: request.settings.applied(to: model.sampling(for: controls.active)),
      seed: request.seed, known: request.known)
  }

  /// Generates images.
  ///
  /// - Parameters:
  ///   - controls: from ``prepare(_:fit:)`` or ``encode(_:)``.
  ///   - count: how often each image is made.
  ///   - numbers: the number of each element's first image; nil for 0 each. Controls of one element describe all of them.
  ///   - settings: how codes are drawn; where nil, what the model suggests for these controls.
  ///   - seed: of the random numbers.
  ///   - known: codes that are given and kept.
  ///   - observe: is told of each step; what it throws ends the work.
  /// - Returns: the images, those of the first element of a list first.
  /// - Throws: as ``start(_:count:numbers:settings:seed:known:processes:wantsLogits:)``; `CancellationError` where the task
  ///   is cancelled.
  public func generate(
    _ controls: PreparedControls = .none, count: Int = 1, numbers: [Int]? = nil, settings: SamplingSettings? = nil,
    seed: UInt64 = 0, known: KnownCodes? = nil, observe: (GenerationProgress) throws -> Void = { _ in }
  ) throws -> [GeneratedImage] {
    let run = try start(
      controls, count: count, numbers: numbers, settings: settings, seed: seed, known: known)
    var images: [GeneratedImage] = []
    while let event = try run.next() {
      switch event {
      case .step(let progress): try observe(progress)
      case .image(let image): images.append(image)
      }
    }
    return images
  }
}
