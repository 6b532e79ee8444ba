/// What images would take.
public struct GenerationEstimate: Sendable, Equatable {
  /// How many images are made.
  public let images: Int
  /// The size of each in pixels.
  public let size: ImageSize
  /// How many codes of each are decoded.
  public let tokens: Int
  /// In how many steps.
  public let steps: Int
  /// The most memory that the process has had, the weights and a batch at work included.
  public let peakBytes: Int
  /// How long all images take, without reading the model and the controls.
  public let seconds: Double
}

extension GenerationRun {
  /// What the run would take, measured in one step in the middle of a batch and the decoding of one image; nothing of it is kept.
  /// Not for an edit.
  ///
  /// - Throws: as ``Pipeline/start(_:count:numbers:settings:seed:known:processes:wantsLogits:)``.
  public func estimate() throws -> GenerationEstimate {
    let layout = model.layout, sizes = stepSizes.filter { $0 > 0 }, clock = ContinuousClock()
    // Half of the codes are known, so that the second step stands for the mean of all.
    let half = Array(0..<layout.tokens / 2), batch = min(batchSize, total)
    var settings = settings
    settings.steps = settings.schedule == .single ? layout.tokens : max(2, sizes.count / 2)
    settings.order = settings.order == .confidence ? .confidence : layout.order == .raster ? .raster : nil
    let run = try Sampler(model.decoder).start(
      SamplingRequest(
        images: Array(0..<batch), controls: controls[0].map { $0.selecting(Array(repeating: 0, count: batch)) },
        settings: settings,
        known: KnownCodes(positions: half, codes: Array(repeating: half.map { _ in 0 }, count: batch))))
    let first = clock.measure { _ = run.next() }
    let begun = clock.now
    let step = run.next().map { _ in clock.now - begun } ?? first
    let decoding = clock.now
    _ = try model.image(of: run.codes[0])
    let batches = (total + batchSize - 1) / batchSize
    return GenerationEstimate(
      images: total, size: model.imageSize, tokens: layout.tokens, steps: sizes.count, peakBytes: PeakMemory.bytes,
      seconds: Double(batches * sizes.count) * step.seconds + Double(total) * (clock.now - decoding).seconds)
  }
}
