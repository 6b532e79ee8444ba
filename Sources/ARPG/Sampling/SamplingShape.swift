/// What requests must have in common to be decoded in one batch, see ``Sampler``: requests of one shape go together, whatever
/// their controls, scales, filters, seeds and orders are.
public struct SamplingShape: Sendable, Hashable {
  /// The size of each step of the schedule, sizes of 0 included.
  public let stepSizes: [Int]
  /// How many images are to be decoded together at most: as many as keep the logits of a step within a quarter of a gigabyte, and no
  /// more than 16. It is advice to who makes batches: a run takes any number.
  public let batchSize: Int
  let guidance: GuidanceRows
  private let prefixLength: Int
  let isByConfidence: Bool
  private let coarse: Coarse?

  /// A smaller grid that is decoded as an image of its own.
  private struct Coarse: Hashable {
    let layout: DecoderLayout
    let positions: [Int]
    /// How many of its positions are not known.
    let open: Int
  }

  /// The shape of a request; nothing of it is computed.
  ///
  /// - Throws: ``SamplingError`` where it does not fit the decoder.
  init(of request: SamplingRequest, _ decoder: any ImageDecoder) throws(SamplingError) {
    try request.validate(for: decoder)
    let settings = request.settings, layout = decoder.layout
    let schedule = try type(of: decoder).schedule(named: settings.schedule)
    let known = Set(request.known?.positions ?? []), open = layout.tokens - known.count
    coarse = request.coarseInUse.flatMap { grid in
      grid.decoder.map {
        Coarse(
          layout: $0.layout, positions: grid.positions, open: grid.positions.count { !known.contains($0) })
      }
    }
    let first = coarse?.open ?? 0
    stepSizes =
      try (first > 0 ? schedule.stepSizes(tokens: first, steps: settings.steps) : [])
      + schedule.stepSizes(tokens: open - first, steps: settings.steps)
    guidance = GuidanceRows(settings, type(of: decoder).guidance, controls: request.controls)
    prefixLength = request.prefixLength(for: decoder)
    isByConfidence = settings.order == .confidence
    let largest = isByConfidence ? open : stepSizes.max() ?? 1
    let bytes = guidance.perSample * max(1, largest) * layout.vocab * MemoryLayout<Float>.stride
    batchSize = max(1, min(16, (1 << 28) / bytes))
  }

  /// Throws where requests of two shapes are to be decoded in one batch.
  func check(joins other: SamplingShape) throws(SamplingError) {
    func require(_ what: String, _ own: some Equatable, _ others: some Equatable, _ isEqual: Bool) throws(SamplingError)
    {
      try SamplingError.require(isEqual, "\(what) of requests in one batch", "\(own) and \(others)", "the same in all")
    }
    func describe(_ sizes: [Int]) -> String { "\(sizes.count) for \(sizes.reduce(0, +)) codes" }
    try require("order by confidence", isByConfidence, other.isByConfidence, isByConfidence == other.isByConfidence)
    try require("steps", describe(stepSizes), describe(other.stepSizes), stepSizes == other.stepSizes)
    try require(
      "rows for guidance", guidance.perSample, other.guidance.perSample, guidance == other.guidance)
    try require("length of the prefixes", prefixLength, other.prefixLength, prefixLength == other.prefixLength)
    try require(
      "codes in a smaller grid", coarse?.open ?? 0, other.coarse?.open ?? 0, coarse == other.coarse)
  }
}

extension SamplingRequest {
  /// The smaller grid, where the order is one that begins with it.
  var coarseInUse: CoarseGrid? { settings.order ?? .random == .random ? coarse : nil }
}
