import ARPGTensor

/// Images of several requests that are generated together, each with controls, settings and a seed of its own: they share every weight
/// that is read, and each is, bit for bit, the image that ``Pipeline/generate(_:count:numbers:settings:seed:known:observe:)`` makes of
/// the same.
///
/// Which items go together is told by ``shape(of:in:)``, and how many of them by ``SamplingShape/batchSize``. A class, since a run
/// cannot be copied, and not sent to other tasks.
public final class MergedRun {
  /// An image to make.
  public struct Item: Sendable {
    /// What it follows, from ``Pipeline/prepare(_:fit:)`` or ``Pipeline/encode(_:)``.
    public var controls: PreparedControls
    /// Which element of the controls' lists, from 0; controls of one element describe every one.
    public var element: Int
    /// How codes are drawn; where nil, what the model suggests for the controls.
    public var settings: SamplingSettings?
    /// Of the random numbers.
    public var seed: UInt64
    /// The image's number, to which random numbers belong beside the seed.
    public var number: Int
    /// Codes that are given and kept, one row; nil for none.
    public var known: KnownCodes?

    /// An image; see the properties.
    public init(
      _ controls: PreparedControls = .none, element: Int = 0, settings: SamplingSettings? = nil, seed: UInt64 = 0,
      number: Int = 0, known: KnownCodes? = nil
    ) {
      self.controls = controls
      self.element = element
      self.settings = settings
      self.seed = seed
      self.number = number
      self.known = known
    }

    fileprivate func request(of model: Model) throws(SamplingError) -> SamplingRequest {
      try SamplingError.require(
        element >= 0 && (controls.batch == 1 || element < controls.batch), "element of the controls", element,
        "0 to \(controls.batch - 1)")
      var request = SamplingRequest(
        images: [number], controls: controls.active.map { $0.selecting([element]) },
        settings: settings ?? model.sampling(for: controls.active), random: SeededRandomSource(seed: seed), known: known
      )
      request.coarse = model.coarse(for: request)
      return request
    }
  }

  /// What happened.
  public enum Event {
    /// A step of all images was taken; image `i` of the batch is item `i`.
    case step(GenerationProgress)
    /// The image of an item is finished.
    case image(item: Int, GeneratedImage)
  }

  private let model: Model
  private let items: [Item]
  /// Nil when all steps are taken.
  private var run: SamplingRun?
  /// Items whose image is still wanted.
  private var isWanted: [Bool]
  /// Items that are decoded and whose image is still to be handed out, and their codes.
  private var pending: ArraySlice<(item: Int, codes: [Int])> = []

  /// Starts to generate images together.
  ///
  /// - Parameters:
  ///   - pipeline: of the model.
  ///   - items: one or more, all of one ``shape(of:in:)``, and no more than its ``SamplingShape/batchSize``.
  /// - Throws: ``SamplingError`` where an item does not fit the decoder, or the items do not go together; nothing has been computed
  ///   then.
  public init(_ pipeline: Pipeline, _ items: [Item]) throws(SamplingError) {
    var requests: [SamplingRequest] = []
    for item in items { requests.append(try item.request(of: pipeline.model)) }
    let sampler = Sampler(pipeline.model.decoder)
    if let first = requests.first {
      let most = try sampler.shape(of: first).batchSize
      try SamplingError.require(items.count <= most, "number of items in a run", items.count, "\(most) at most")
    }
    TensorStorage.keepFreedMemory()
    model = pipeline.model
    self.items = items
    isWanted = Array(repeating: true, count: items.count)
    run = try sampler.start(requests)
  }

  /// What an item must have in common with others to be made together with them; it costs little.
  ///
  /// - Throws: ``SamplingError`` where the item does not fit the decoder.
  public static func shape(of item: Item, in pipeline: Pipeline) throws(SamplingError) -> SamplingShape {
    try Sampler(pipeline.model.decoder).shape(of: item.request(of: pipeline.model))
  }

  /// Takes a step, or finishes an image; nil when all images that are wanted are made.
  ///
  /// - Throws: `CancellationError` where the task is cancelled.
  public func next() throws -> Event? {
    try Task.checkCancellation()
    guard isWanted.contains(true) else {
      run = nil
      return nil
    }
    if let run {
      if let step = run.next() {
        return .step(
          GenerationProgress(
            step: step, run: run, first: 0, total: items.count, logits: nil, doneBefore: 0, tokensOfImage: step.total))
      }
      pending = run.codes.enumerated().map { ($0, $1) }[...]
      self.run = nil
      // What the decoder remembered is given back before the tokenizer needs memory.
      TensorStorage.returnFreedMemory()
    }
    while let (index, codes) = pending.popFirst() {
      guard isWanted[index] else { continue }
      let item = items[index]
      return .image(
        item: index,
        GeneratedImage(image: try model.image(of: codes), codes: codes, element: item.element, number: item.number))
    }
    return nil
  }

  /// Changes the strength of a control of an item from the next step on.
  ///
  /// - Parameters:
  ///   - strength: the factor of its condition tokens; 0 is none.
  ///   - index: its place among the item's controls; one that does not exist changes nothing.
  ///   - item: the item.
  public func setStrength(_ strength: Float, ofControl index: Int, item: Int) {
    guard items[item].controls.active.indices.contains(index), strength.isFinite else { return }
    run?[controlsOf: item][index].strength = strength
  }

  /// Gives up the image of an item, which costs its part of the steps all the same; the others stay as they are. When no image is
  /// wanted, ``next()`` gives nil.
  public func cancel(item: Int) { isWanted[item] = false }
}
