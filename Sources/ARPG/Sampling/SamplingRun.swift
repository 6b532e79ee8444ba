import ARPGTensor

/// A batch of images that is being decoded. Controls may be changed between steps; what that changes of codes that are
/// decoded already depends on the decoder's family.
///
/// A class, since what the decoder remembers cannot be copied, and not sent to other tasks.
public final class SamplingRun {
  /// For each image, the order in which positions are decoded, known ones included; where the order is by confidence, the known
  /// ones and those decoded so far.
  public private(set) var orders: [[Int]]
  /// The size of each step of the schedule, sizes of 0 included.
  public let stepSizes: [Int]
  /// The codes of each image in raster order; 0 where a position is not decoded yet.
  public private(set) var codes: [[Int]]
  /// For each image, which raster positions are known.
  public private(set) var isDecoded: [[Bool]]
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

  /// Images that are decoded at the same positions in each step, all of the batch or one.
  private struct Group {
    /// Their places in the batch.
    let images: [Int]
    let state: any DecodingState
    /// The positions that are not decoded yet, in the order of decoding where that is known.
    var pending: [Int]
  }

  /// What a step decoded of a group.
  private struct Choice {
    let positions: [Int]
    let codes: [[Int]]
    /// `[images, positions, vocab]`, after guidance and before the temperature; nil where nobody asks for it.
    let logits: Tensor?
  }

  private let request: SamplingRequest
  private let convention: GuidanceConvention
  private let rows: GuidanceRows
  private let tokens: Int
  private let total: Int
  private let isByConfidence: Bool
  private var groups: [Group] = []
  private var done = 0
  private var nextStep = 0

  init(_ decoder: any ImageDecoder, _ request: SamplingRequest) throws(SamplingError) {
    let settings = request.settings, count = request.count
    let schedule = try type(of: decoder).schedule(named: settings.schedule)
    let coarse = settings.order ?? .random == .random ? request.coarse : nil
    try request.validate(for: decoder)
    let orders = try request.orders(for: decoder)
    var isKnown = Array(repeating: false, count: decoder.layout.tokens)
    for position in request.known?.positions ?? [] { isKnown[position] = true }
    self.request = request
    tokens = decoder.layout.tokens
    total = tokens - (request.known?.positions.count ?? 0)
    convention = type(of: decoder).guidance
    rows = GuidanceRows(settings, convention, controls: request.controls)
    controls = request.controls
    isByConfidence = settings.order == .confidence
    isDecoded = Array(repeating: isKnown, count: count)
    codes = Array(repeating: Array(repeating: 0, count: tokens), count: count)
    for (slot, position) in (request.known?.positions ?? []).enumerated() {
      for image in codes.indices { codes[image][position] = request.known?.codes[image][slot] ?? 0 }
    }
    let first = coarse?.decoder.map { _ in coarse?.positions.count { !isKnown[$0] } ?? 0 } ?? 0
    stepSizes =
      try (first > 0 ? schedule.stepSizes(tokens: first, steps: settings.steps) : [])
      + schedule.stepSizes(tokens: total - first, steps: settings.steps)
    self.orders = isByConfidence ? orders.map { order in order.filter { isKnown[$0] } } : orders

    let areTogether = !isByConfidence && orders.allSatisfy { $0 == orders[0] }
    for images in areTogether ? [Array(0..<count)] : (0..<count).map({ [$0] }) {
      let order = orders[images[0]], given = order.filter { isKnown[$0] }
      let prefix = (areTogether ? request : request.selecting(images)).prefix(for: decoder)
      let start = prefix.start(images: images.count, rows: rows)
      let fine = decoder.makeState(start), state = coarse?.state(start, before: fine) ?? fine
      if !given.isEmpty { state.accept(images.map { image in given.map { codes[image][$0] } }, at: given) }
      groups.append(Group(images: images, state: state, pending: order.filter { !isKnown[$0] }))
    }
  }

  /// Takes the next step; nil when every position is decoded.
  public func next() -> SamplingStep? {
    while nextStep < stepSizes.count, stepSizes[nextStep] == 0 { nextStep += 1 }
    guard nextStep < stepSizes.count else { return nil }
    let choices = groups.indices.map { decode($0) }
    for (group, choice) in zip(groups, choices) {
      for (image, row) in zip(group.images, choice.codes) {
        for (position, code) in zip(choice.positions, row) {
          codes[image][position] = code
          isDecoded[image][position] = true
        }
        if isByConfidence { orders[image] += choice.positions }
      }
    }
    done += stepSizes[nextStep]
    let step = SamplingStep(
      index: nextStep,
      positions: zip(groups, choices).flatMap { group, choice in group.images.map { _ in choice.positions } },
      done: done, total: total)
    if let observeLogits {
      let logits = choices.compactMap(\.logits)
      observeLogits(
        step, Tensor(shape: [request.count] + logits[0].shape.dropFirst(), values: logits.flatMap(\.values)))
    }
    nextStep += 1
    return step
  }

  /// Decodes the positions of the next step in the images of a group.
  private func decode(_ index: Int) -> Choice {
    let group = groups[index], size = stepSizes[nextStep]
    let asked = isByConfidence ? group.pending : Array(group.pending[..<size])
    let settings = request.settings, begun = Double(done) / Double(total)
    let isGuided = settings.isGuided(fractionDone: begun) && settings.guidedTokens.map { done < $0 } ?? true
    let (conditions, scales) = rows.step(
      controls, controlGuidance: settings.controlGuidance, isGuided: isGuided
    ) { $0.isOn && $0.window.contains(begun) }
    let logits = group.state.logits(
      at: asked, conditions: StepConditions { conditions.conditions(at: $0, images: group.images) })
    let drawing = TimeByPart.begin(.drawing)
    if rows.isGuided, isGuided { guide(logits, scales) }
    let guided = logits.slice(0..<group.images.count)
    let choice = isByConfidence ? keep(size, of: guided, at: asked, group) : draw(from: guided, at: asked, group)
    drawing.end()
    let kept = Set(choice.positions)
    groups[index].pending.removeAll(where: kept.contains)
    group.state.accept(choice.codes, at: choice.positions)
    return choice
  }

  /// Combines the rows of each sample into the first.
  private func guide(_ logits: Tensor, _ scales: [Float]) {
    let vocab = logits.shape[2], draws = logits.count / (rows.perSample * vocab)
    let known = convention.countsKnownCodes ? tokens - total : 0
    let decoded = known + done + (convention.countsOwnStep ? stepSizes[nextStep] : 0)
    let scale = request.settings.guidanceScale(fractionDone: Double(decoded) / Double(known + total))
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
  private func draw(from logits: Tensor, at positions: [Int], _ group: Group) -> Choice {
    let vocab = logits.shape[2], slots = positions.count
    let observed = observeLogits.map { _ in Tensor(shape: logits.shape, values: logits.values) }
    let filter = LogitFilter(request.settings), random = request.random
    let numbers = group.images.map { request.images[$0] }
    let drawn = Parallel.map(numbers.count * slots) { draw in
      let (image, slot) = draw.quotientAndRemainder(dividingBy: slots)
      return logits.withUnsafeMutableValues { values in
        filter.draw(
          from: UnsafeMutableBufferPointer(rebasing: values[(draw * vocab)...].prefix(vocab)),
          uniform: random.uniform(image: numbers[image], position: positions[slot]))
      }
    }
    return Choice(
      positions: positions, codes: numbers.indices.map { Array(drawn[$0 * slots..<($0 + 1) * slots]) }, logits: observed
    )
  }

  /// Draws a code for each position of one image, and keeps the surest.
  private func keep(_ count: Int, of logits: Tensor, at positions: [Int], _ group: Group) -> Choice {
    let ranking = ConfidenceRanking(request.settings, request.random, step: nextStep, of: stepSizes.count)
    let kept = ranking.keeping(count, of: logits, at: positions, image: request.images[group.images[0]])
    let observed = observeLogits.map { _ in
      logits.reshaped(positions.count, logits.shape[2]).selectingRows(kept.map(\.slot))
        .reshaped(1, kept.count, logits.shape[2])
    }
    return Choice(positions: kept.map { positions[$0.slot] }, codes: [kept.map(\.code)], logits: observed)
  }
}
