import ARPG
import ARPGTensor
import LlamaGenDecoder

/// Images of twice the side that a decoder was trained for, without training (RandAR, arXiv 2412.01827, section 4.3, and its
/// published code).
///
/// An image of the trained size is decoded first; its codes become those of the even rows and columns of the doubled grid, and
/// the others are decoded after them. Rotary frequencies that are slow are squeezed, so that the doubled grid spans the places
/// that training knows.
public struct RandARExtrapolation: Sendable {
  /// The decoder.
  public let decoder: RandARDecoder
  /// How codes are drawn; the steps are those of a schedule over the doubled grid, and the small image takes as many.
  public var settings: SamplingSettings
  /// Where the scale of guidance by the small image begins and ends; it counts where both it and the scale of the class end
  /// above 1, at the cost of a third row for each image.
  public var spatialGuidance: (start: Float, end: Float) = (1, 1)
  /// How many of the fastest frequencies of each axis keep their pace.
  public var fastRates = 2

  /// An extrapolation; see the properties.
  public init(_ decoder: RandARDecoder, settings: SamplingSettings) {
    self.decoder = decoder
    self.settings = settings
  }

  /// The side of the doubled grid.
  public var grid: Int { 2 * decoder.configuration.sizes.grid }

  /// Decodes images of the doubled grid.
  ///
  /// - Parameters:
  ///   - classes: of each image; nil for none.
  ///   - images: the number of each image, that its random numbers belong to.
  ///   - random: the order is over the doubled grid, and so are the numbers: the small image takes those of the even
  ///     positions.
  ///   - blanked: for each image, which codes of the small one are blank where guidance leaves them out, in the order of
  ///     decoding; nil draws half of them.
  ///   - observe: is told the logits of each step on the doubled grid, `[images, positions, vocab]`, after guidance; what it
  ///     throws ends the work.
  /// - Returns: for each image, its codes in raster order.
  /// - Throws: ``/ARPG/SamplingError``, ``/ARPG/DecoderError``, or what `observe` throws.
  public func sample(
    classes: [Int?], images: [Int], random: any RandomSource, blanked: [[Bool]]? = nil,
    observe: (_ step: Int, _ logits: Tensor) throws -> Void = { _, _ in }
  ) throws -> [[Int]] {
    let tokens = decoder.configuration.sizes.tokens, all = grid * grid
    let order = Self.evenFirst(random.order(tokens: all), grid: grid), even = Array(order[..<tokens])
    let prefix = try decoder.prefix(ofClasses: classes)
    var request = SamplingRequest(
      images: images,
      controls: [
        ActiveControl(Condition(prefix: .init(embeddings: prefix, null: decoder.nullPrefix, replacesNull: true)))
      ],
      settings: settings, random: HalvedRandomSource(base: random, order: even, grid: grid))
    request.settings.steps = min(settings.steps, tokens)
    let small = try Sampler(decoder).sample(request)
    var codes = images.indices.map { _ in Array(repeating: 0, count: all) }
    for (image, row) in small.enumerated() {
      for position in even { codes[image][position] = row[Self.halved(position, grid: grid)] }
    }

    let isGuided = settings.guidance > 1, isSpatial = isGuided && spatialGuidance.end > 1
    let copies = isSpatial ? 3 : isGuided ? 2 : 1
    let null = try decoder.prefix(ofClasses: classes.map { _ in nil })
    let start = DecodingStart(
      prefix: Tensor(
        shape: [copies * images.count, 1, prefix.shape[2]],
        values: prefix.values + (1..<copies).flatMap { _ in null.values }),
      images: images.count, copies: copies)
    let decoder = decoder.extended(toRows: grid, columns: grid, fastRates: fastRates)
    let state = RandARState(decoder, start)
    let context = codes.map { codes in even.map { codes[$0] } }
    let known = decoder.embed(start.repeated(context), sequences: copies * images.count)
    if isSpatial { blank(known, blanked ?? images.map { _ in half(tokens, random) }, from: 2 * images.count) }
    state.accept(known, at: .shared(even))

    let filter = LogitFilter(settings)
    var done = tokens
    for (step, size) in RandARSchedule.sizes(tokens: all, steps: settings.steps, done: done).enumerated() {
      let targets = Array(order[done..<done + size])
      let logits = state.logits(at: .shared(targets), conditions: .none)
      guide(logits, copies: copies, images: images.count, progress: Double(done) / Double(all))
      let guided = logits.slice(0..<images.count)
      try observe(step, Tensor(shape: guided.shape, values: guided.values))
      let drawn = images.enumerated().map { row, image in
        targets.enumerated().map { slot, position in
          let vocab = logits.shape[2], first = (row * size + slot) * vocab
          return logits.withUnsafeMutableValues { values in
            filter.draw(
              from: UnsafeMutableBufferPointer(rebasing: values[first..<first + vocab]),
              uniform: random.uniform(image: image, position: position))
          }
        }
      }
      for (image, row) in drawn.enumerated() {
        for (position, code) in zip(targets, row) { codes[image][position] = code }
      }
      done += size
      if done < all { state.accept(drawn, at: .shared(targets)) }
    }
    return codes
  }

  /// Combines the rows of each image into the first: `u + class · (c - s) + spatial · (s - u)` for a class with its small
  /// image, none with it, and none without it.
  private func guide(_ logits: Tensor, copies: Int, images: Int, progress: Double) {
    guard copies > 1, settings.isGuided(fractionDone: progress) else { return }
    let count = logits.count / copies
    let scale = settings.guidanceScale(fractionDone: progress)
    let spatial = spatialGuidance.start + (spatialGuidance.end - spatialGuidance.start) * Float(progress)
    logits.withUnsafeMutableValues { values in
      for index in 0..<count {
        let second = values[count + index], last = copies == 3 ? values[2 * count + index] : second
        values[index] = last + scale * (values[index] - second) + spatial * (second - last)
      }
    }
  }

  /// Sets the embeddings of some known codes to zero, in the copies from a row on.
  private func blank(_ known: Tensor, _ blanked: [[Bool]], from first: Int) {
    let count = known.shape[1], dim = known.shape[2]
    known.withUnsafeMutableValues { values in
      for (image, row) in blanked.enumerated() {
        for (slot, isBlank) in row.enumerated() where isBlank {
          let start = ((first + image) * count + slot) * dim
          for index in start..<start + dim { values[index] = 0 }
        }
      }
    }
  }

  /// Half of the codes, at random.
  private func half(_ tokens: Int, _ random: any RandomSource) -> [Bool] {
    let chosen = Set(random.order(tokens: tokens).prefix(tokens / 2))
    return (0..<tokens).map(chosen.contains)
  }

  /// An order with the positions of even rows and columns in front.
  private static func evenFirst(_ order: [Int], grid: Int) -> [Int] {
    func isEven(_ position: Int) -> Bool { position / grid % 2 == 0 && position % grid % 2 == 0 }
    return order.filter(isEven) + order.filter { !isEven($0) }
  }

  /// The position in the small image of an even position of the doubled grid.
  fileprivate static func halved(_ position: Int, grid: Int) -> Int {
    position / grid / 2 * (grid / 2) + position % grid / 2
  }
}

/// The random numbers of the even positions of a doubled grid, for the small image.
private struct HalvedRandomSource: RandomSource {
  let base: any RandomSource
  /// The even positions, in the order of decoding.
  let order: [Int]
  /// The side of the doubled grid.
  let grid: Int

  func order(tokens: Int) -> [Int] { order.map { RandARExtrapolation.halved($0, grid: grid) } }

  func uniform(image: Int, position: Int) -> Double {
    base.uniform(image: image, position: doubled(position))
  }

  func confidence(image: Int, position: Int, step: Int) -> (code: Double, noise: Double) {
    base.confidence(image: image, position: doubled(position), step: step)
  }

  private func doubled(_ position: Int) -> Int {
    let (row, column) = position.quotientAndRemainder(dividingBy: grid / 2)
    return 2 * row * grid + 2 * column
  }
}
