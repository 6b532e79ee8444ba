import ARPGTensor

/// A batch of images of one request or several that is being decoded. Controls may be changed between steps; what that changes of
/// codes that are decoded already depends on the decoder's family.
///
/// An image is, bit for bit, what it would be alone. The images of all requests share every weight that is read; they stand one
/// behind the other, those of the first request in front.
///
/// A class, since what the decoder remembers cannot be copied, and not sent to other tasks.
public final class SamplingRun {
  /// For each image, the order in which positions are decoded, known ones included; where the order is by confidence, the known
  /// ones and those decoded so far.
  public private(set) var orders: [[Int]]
  /// What all requests have in common.
  public let shape: SamplingShape
  /// The codes of each image in raster order; 0 where a position is not decoded yet.
  public private(set) var codes: [[Int]]
  /// For each image, which raster positions are known.
  public private(set) var isDecoded: [[Bool]]
  /// Called with the logits of each step, `[batch, positions, vocab]`, after guidance and before the temperature. Nil
  /// costs nothing.
  public var observeLogits: ((SamplingStep, Tensor) -> Void)?

  let decoder: any ImageDecoder
  /// The requests, with their controls as they are now.
  private(set) var members: [Member]
  /// How many codes of each image are decoded by now, known ones left out, and how many there are to decode.
  private(set) var done = 0
  let total: Int
  private(set) var nextStep = 0
  private let state: any DecodingState
  /// For each image, the positions that are not decoded yet, in the order of decoding where that is known.
  private var pending: [[Int]]

  /// A request of the run.
  struct Member: Sendable {
    var request: SamplingRequest
    /// The places of its images in the batch.
    let images: Range<Int>
  }

  init(_ decoder: any ImageDecoder, _ requests: [SamplingRequest]) throws(SamplingError) {
    guard let first = requests.first else {
      throw .mismatch("number of requests", found: "0", expected: "1 or more")
    }
    shape = try SamplingShape(of: first, decoder)
    var orders: [[Int]] = [], members: [Member] = []
    for (index, request) in requests.enumerated() {
      if index > 0 { try SamplingShape(of: request, decoder).check(joins: shape) }
      members.append(Member(request: request, images: orders.count..<orders.count + request.count))
      orders += try request.orders(for: decoder)
    }
    let tokens = decoder.layout.tokens
    self.decoder = decoder
    self.members = members
    total = shape.stepSizes.reduce(0, +)
    codes = Array(repeating: Array(repeating: 0, count: tokens), count: orders.count)
    isDecoded = Array(repeating: Array(repeating: false, count: tokens), count: orders.count)
    for member in members {
      guard let known = member.request.known else { continue }
      for (image, row) in zip(member.images, known.codes) {
        for (position, code) in zip(known.positions, row) {
          codes[image][position] = code
          isDecoded[image][position] = true
        }
      }
    }
    let given = zip(orders, isDecoded).map { order, isKnown in order.filter { isKnown[$0] } }
    pending = zip(orders, isDecoded).map { order, isKnown in order.filter { !isKnown[$0] } }
    self.orders = shape.isByConfidence ? given : orders

    let start = DecodingStart(
      joining: members.map { [shape] member in
        member.request.prefix(for: decoder).start(images: member.images.count, rows: shape.guidance)
      })
    let fine = decoder.makeState(start)
    state = first.coarseInUse?.state(start, before: fine) ?? fine
    if !given[0].isEmpty {
      state.accept(zip(codes, given).map { codes, given in given.map { codes[$0] } }, at: .ofEach(given))
    }
  }

  /// The size of each step of the schedule, sizes of 0 included.
  public var stepSizes: [Int] { shape.stepSizes }

  /// The controls of a request, with their strengths, windows, regions and scales, which may be changed. Their prefixes count at
  /// the start only, and so does how many have a scale of guidance of their own: more may not be set.
  public subscript(controlsOf request: Int) -> [ActiveControl] {
    get { members[request].request.controls }
    set {
      let settings = members[request].request.settings, convention = type(of: decoder).guidance
      precondition(
        GuidanceRows(settings, convention, controls: newValue).apart <= shape.guidance.apart,
        "more controls have a scale of guidance of their own than at the start")
      members[request].request.controls = newValue
    }
  }

  /// The controls of the first request, or of the only one.
  public var controls: [ActiveControl] {
    get { self[controlsOf: 0] }
    set { self[controlsOf: 0] = newValue }
  }

  /// Takes the next step; nil when every position is decoded.
  public func next() -> SamplingStep? {
    while nextStep < stepSizes.count, stepSizes[nextStep] == 0 { nextStep += 1 }
    guard nextStep < stepSizes.count else { return nil }
    let size = stepSizes[nextStep], moments = members.map(moment)
    let asked = shape.isByConfidence ? pending : pending.map { Array($0[..<size]) }
    let parts = moments.map(\.controls)
    let logits = state.logits(at: .ofEach(asked), conditions: StepConditions { parts.conditions(at: $0) })
    let drawing = TimeByPart.begin(.drawing)
    let choice = choose(size, from: logits, at: asked, moments)
    drawing.end()
    for (image, positions) in choice.positions.enumerated() {
      for (position, code) in zip(positions, choice.codes[image]) {
        codes[image][position] = code
        isDecoded[image][position] = true
      }
      if shape.isByConfidence {
        orders[image] += positions
        pending[image].removeAll { isDecoded[image][$0] }
      } else {
        pending[image].removeFirst(size)
      }
    }
    state.accept(choice.codes, at: .ofEach(choice.positions))
    done += size
    let step = SamplingStep(index: nextStep, positions: choice.positions, done: done, total: total)
    if let observeLogits, let logits = choice.logits { observeLogits(step, logits) }
    nextStep += 1
    return step
  }
}
