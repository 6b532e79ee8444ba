import ARPGTensor

/// A batch of images that is being decoded. Controls may be changed between steps; what that changes of codes that are
/// decoded already depends on the decoder's family.
///
/// A class, since what the decoder remembers cannot be copied, and not sent to other tasks.
public final class SamplingRun {
  /// The order in which positions are decoded, known ones included.
  public let order: [Int]
  /// The size of each step of the schedule, sizes of 0 included.
  public let stepSizes: [Int]
  /// The codes of each image in raster order; 0 where a position is not decoded yet.
  public private(set) var codes: [[Int]]
  /// Which raster positions are known, in every image.
  public private(set) var isDecoded: [Bool]
  /// The controls, with their strengths, windows, regions and scales. Their prefixes count at the start only, and so does how
  /// many have a scale of guidance of their own: more may not be set.
  public var controls: [ActiveControl] {
    didSet {
      precondition(
        GuidanceRows(request.settings, convention, controls: controls).apart <= rows.apart,
        "more controls have a scale of guidance of their own than at the start")
    }
  }
  /// Called with the logits of each step, `[batch, positions, vocab]`, after guidance and before the temperature. Nil
  /// costs nothing.
  public var observeLogits: ((SamplingStep, Tensor) -> Void)?

  private let request: SamplingRequest
  private let convention: GuidanceConvention
  private let rows: GuidanceRows
  private let state: any DecodingState
  private let pending: [Int]
  private var done = 0
  private var nextStep = 0

  init(_ decoder: any ImageDecoder, _ request: SamplingRequest) throws(SamplingError) {
    let layout = decoder.layout, settings = request.settings
    let schedule = try type(of: decoder).schedule(named: settings.schedule)
    let prefix = try request.validatedPrefix(for: decoder)
    self.request = request
    convention = type(of: decoder).guidance
    rows = GuidanceRows(settings, convention, controls: request.controls)
    controls = request.controls
    order = layout.order == .raster ? Array(0..<layout.tokens) : request.random.order(tokens: layout.tokens)
    isDecoded = Array(repeating: false, count: layout.tokens)
    codes = Array(repeating: Array(repeating: 0, count: layout.tokens), count: request.count)
    for (slot, position) in (request.known?.positions ?? []).enumerated() {
      isDecoded[position] = true
      for image in codes.indices { codes[image][position] = request.known?.codes[image][slot] ?? 0 }
    }
    let given = order.filter { [isDecoded] in isDecoded[$0] }
    pending = order.filter { [isDecoded] in !isDecoded[$0] }
    stepSizes = try schedule.stepSizes(tokens: pending.count, steps: settings.steps)
    state = decoder.makeState(prefix.start(images: request.count, rows: rows))
    if !given.isEmpty { state.accept(codes.map { codes in given.map { codes[$0] } }, at: given) }
  }

  /// Takes the next step; nil when every position is decoded.
  public func next() -> SamplingStep? {
    while nextStep < stepSizes.count, stepSizes[nextStep] == 0 { nextStep += 1 }
    guard nextStep < stepSizes.count else { return nil }
    let targets = Array(pending[done..<done + stepSizes[nextStep]])
    let begun = Double(done) / Double(pending.count)
    let step = SamplingStep(
      index: nextStep, positions: targets, done: done + targets.count, total: pending.count)

    let settings = request.settings
    let isGuided = settings.isGuided(fractionDone: begun) && settings.guidedTokens.map { done < $0 } ?? true
    let (conditions, scales) = rows.step(
      controls, controlGuidance: settings.controlGuidance, isGuided: isGuided
    ) { $0.isOn && $0.window.contains(begun) }
    let logits = state.logits(
      at: targets,
      conditions: StepConditions { [request] positions in conditions.conditions(at: positions, images: request.count) })
    if rows.isGuided, isGuided { guide(logits, step, scales) }
    let guided = logits.slice(0..<request.count)
    if let observeLogits { observeLogits(step, Tensor(shape: guided.shape, values: guided.values)) }
    let drawn = draw(from: guided, at: targets)
    for (image, row) in drawn.enumerated() {
      for (position, code) in zip(targets, row) { codes[image][position] = code }
    }
    for position in targets { isDecoded[position] = true }
    state.accept(drawn, at: targets)
    done = step.done
    nextStep += 1
    return step
  }

  /// Combines the rows of each sample into the first.
  private func guide(_ logits: Tensor, _ step: SamplingStep, _ scales: [Float]) {
    let vocab = logits.shape[2], draws = request.count * step.positions.count
    let known = convention.countsKnownCodes ? order.count - pending.count : 0
    let decoded = known + (convention.countsOwnStep ? step.done : done)
    let scale = request.settings.guidanceScale(fractionDone: Double(decoded) / Double(known + pending.count))
    Parallel.forEach(draws) { [rows] draw in
      logits.withUnsafeMutableValues { values in
        let parts = (0..<rows.perSample).map { row in
          UnsafeMutableBufferPointer(rebasing: values[((row * draws + draw) * vocab)...].prefix(vocab))
        }
        rows.combine(parts, scale: scale, scales: scales)
      }
    }
  }

  /// Draws a code for each image and position.
  private func draw(from logits: Tensor, at positions: [Int]) -> [[Int]] {
    let vocab = logits.shape[2], slots = positions.count
    let filter = LogitFilter(request.settings), random = request.random, numbers = request.images
    let drawn = Parallel.map(request.count * slots) { draw in
      let (image, slot) = draw.quotientAndRemainder(dividingBy: slots)
      return logits.withUnsafeMutableValues { values in
        filter.draw(
          from: UnsafeMutableBufferPointer(rebasing: values[(draw * vocab)...].prefix(vocab)),
          uniform: random.uniform(image: numbers[image], position: positions[slot]))
      }
    }
    return (0..<request.count).map { Array(drawn[$0 * slots..<($0 + 1) * slots]) }
  }
}
