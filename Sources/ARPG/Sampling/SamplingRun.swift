import ARPGTensor

/// A batch of images that is being decoded. Controls may be changed between steps: the cache holds nothing of them.
public struct SamplingRun {
  /// The order in which positions are decoded.
  public let order: [Int]
  /// The size of each step of the schedule, sizes of 0 included.
  public let stepSizes: [Int]
  /// The codes of each image in raster order; 0 where a position is not decoded yet.
  public private(set) var codes: [[Int]]
  /// Which raster positions are known, in every image.
  public private(set) var isDecoded: [Bool]
  /// The controls, with their strengths, windows and regions. Their prefixes count at the start only.
  public var controls: [ActiveControl]
  /// Called with the logits of each step, `[batch, positions, vocab]`, after guidance and before the temperature.
  public var observeLogits: ((SamplingStep, Tensor) -> Void)?

  private let decoder: Decoder
  private let request: SamplingRequest
  private let mode: GuidanceMode
  private let cache: KeyValueCache
  private let pending: [Int]
  private var input: StepInput
  private var done = 0
  private var nextStep = 0

  /// What the first pass sees next.
  private struct StepInput {
    var tokens: Tensor
    var positions: [Int]
    var causal: Bool
  }

  init(_ decoder: Decoder, _ request: SamplingRequest) {
    let tokens = decoder.configuration.tokens
    self.decoder = decoder
    self.request = request
    controls = request.controls
    order = request.random.order(tokens: tokens)
    isDecoded = Array(repeating: false, count: tokens)
    codes = Array(repeating: Array(repeating: 0, count: tokens), count: request.count)
    for (slot, position) in (request.known?.positions ?? []).enumerated() {
      isDecoded[position] = true
      for image in codes.indices { codes[image][position] = request.known?.codes[image][slot] ?? 0 }
    }
    let given = order.filter { [isDecoded] in isDecoded[$0] }
    pending = order.filter { [isDecoded] in !isDecoded[$0] }
    stepSizes = request.settings.schedule.stepSizes(tokens: pending.count, steps: request.settings.steps)
    mode = request.guidanceMode
    let batch = request.count * mode.rowsPerSample
    let prefix = request.prefix(for: decoder, mode: mode)
    var first = StepInput(
      tokens: prefix, positions: Array(repeating: 0, count: prefix.shape[1]), causal: !given.isEmpty)
    if !given.isEmpty {
      first.tokens = prefix.joined(with: Self.embed(given, of: codes, decoder, rowsPerSample: mode.rowsPerSample))
      first.positions += given.map { $0 + 1 }
    }
    input = first
    cache = KeyValueCache(decoder.configuration, batch: batch, capacity: prefix.shape[1] + tokens)
  }

  /// Takes the next step; nil when every position is decoded.
  public mutating func next() -> SamplingStep? {
    while nextStep < stepSizes.count, stepSizes[nextStep] == 0 { nextStep += 1 }
    guard nextStep < stepSizes.count else { return nil }
    let targets = Array(pending[done..<done + stepSizes[nextStep]])
    let begun = Double(done) / Double(pending.count)
    done += targets.count
    let step = SamplingStep(index: nextStep, positions: targets, done: done, total: pending.count)
    nextStep += 1

    let context = decoder.firstPass(input.tokens, positions: input.positions, cache: cache, causal: input.causal)
    let conditions = controls.conditions(
      at: targets, fractionDone: begun, images: request.count, rowsPerSample: mode.rowsPerSample)
    let logits = decoder.secondPass(
      targets.count, positions: targets.map { $0 + 1 }, context: context, conditions: conditions)
    choose(from: logits, step: step)
    for position in targets { isDecoded[position] = true }
    input = StepInput(
      tokens: Self.embed(targets, of: codes, decoder, rowsPerSample: mode.rowsPerSample),
      positions: targets.map { $0 + 1 }, causal: false)
    return step
  }

  /// Combines the rows of each sample by guidance, then draws a code for each position.
  private mutating func choose(from logits: Tensor, step: SamplingStep) {
    let positions = step.positions, vocab = logits.shape[2], images = request.count
    let draws = images * positions.count
    let settings = request.settings
    let scale = settings.guidanceSchedule.scale(settings.guidance, fractionDone: Double(step.done) / Double(step.total))
    let controlScale = settings.controlGuidance ?? 1
    let rows = mode.rowsPerSample
    Parallel.forEach(draws) { [mode] draw in
      logits.withUnsafeMutableValues { values in
        let parts = (0..<rows).map { row in
          UnsafeMutableBufferPointer(rebasing: values[((row * draws + draw) * vocab)...].prefix(vocab))
        }
        mode.combine(parts, scale: scale, controlScale: controlScale)
      }
    }
    let guided = logits.slice(0..<images)
    observeLogits?(step, Tensor(shape: guided.shape, values: guided.values))
    let filter = LogitFilter(settings)
    let random = request.random, numbers = request.images
    let drawn = Tensor(shape: [images, positions.count], repeating: 0)
    Parallel.forEach(draws) { draw in
      let (image, slot) = draw.quotientAndRemainder(dividingBy: positions.count)
      let code = guided.withUnsafeMutableValues { values in
        filter.draw(
          from: UnsafeMutableBufferPointer(rebasing: values[(draw * vocab)...].prefix(vocab)),
          uniform: random.uniform(image: numbers[image], position: positions[slot]))
      }
      drawn.withUnsafeMutableValues { $0[draw] = Float(code) }
    }
    for (draw, code) in drawn.values.enumerated() {
      let (image, slot) = draw.quotientAndRemainder(dividingBy: positions.count)
      codes[image][positions[slot]] = Int(code)
    }
  }

  /// The codes at some positions as tokens, `[rowsPerSample * images, positions, dim]`.
  private static func embed(_ positions: [Int], of codes: [[Int]], _ decoder: Decoder, rowsPerSample: Int) -> Tensor {
    let rows = codes.flatMap { image in positions.map { image[$0] } }
    return decoder.embed(Array(repeating: rows, count: rowsPerSample).flatMap { $0 })
      .reshaped(rowsPerSample * codes.count, positions.count, decoder.configuration.dim)
  }
}
