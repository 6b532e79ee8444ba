/// Controls that have been read and encoded for a model.
public struct PreparedControls: Sendable {
  /// The controls as the sampler takes them.
  public let active: [ActiveControl]
  /// What each adapter's encoder was given, for each element of its batch, in the order of the controls.
  public let inputs: [(adapter: String, controls: [PreparedControl])]
  /// The number of different images that the controls describe: the length of the longest list.
  public let batch: Int

  /// What the user should know of how the controls were read.
  public let notes: [String]

  /// How the input of each control was read, as its adapter tells; nil where it tells nothing.
  public var readings: [String?] { inputs.map { $0.controls.lazy.compactMap(\.note).first } }

  /// No control.
  public static let none = PreparedControls(active: [], inputs: [], batch: 1)

  private init(
    active: [ActiveControl], inputs: [(adapter: String, controls: [PreparedControl])], batch: Int, notes: [String] = []
  ) {
    self.active = active
    self.inputs = inputs
    self.batch = batch
    self.notes = notes
  }

  /// Controls that are encoded already: those of one describe every image, those of several an image each.
  ///
  /// - Throws: ``ControlError/batches(_:_:_:_:)`` where two of them describe different numbers of images.
  public init(_ controls: [(adapter: String, control: ActiveControl)]) throws(ControlError) {
    try self.init(
      active: controls.map(\.control), inputs: [],
      batch: Self.batch(of: controls.map { ($0.adapter, $0.control.condition.batch) }))
  }

  init(
    _ controls: [(adapter: String, control: ActiveControl)],
    inputs: [(adapter: String, controls: [PreparedControl])], notes: [String] = []
  ) throws(ControlError) {
    try self.init(
      active: controls.map(\.control), inputs: inputs,
      batch: Self.batch(of: inputs.map { ($0.adapter, $0.controls.count) }), notes: notes)
  }

  private static func batch(of counts: [(adapter: String, count: Int)]) throws(ControlError) -> Int {
    guard let longest = counts.max(by: { $0.count < $1.count }) else { return 1 }
    for item in counts where item.count != 1 && item.count != longest.count {
      throw .batches(item.adapter, item.count, longest.adapter, longest.count)
    }
    return longest.count
  }
}

/// Controls that cannot be used.
public enum ControlError: Error, CustomStringConvertible, Equatable {
  /// Two controls describe different numbers of images, and neither describes one.
  case batches(String, Int, String, Int)
  /// The adapter made nothing of its input.
  case nothing(adapter: String)
  /// The adapter encodes no images of this size, neither whole nor in tiles.
  case size(adapter: String, ImageSize)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .batches(let first, let firstCount, let second, let secondCount):
      "\(first) describes \(firstCount) images and \(second) \(secondCount); give both lists the same length, or one of "
        + "them a single element"
    case .nothing(let adapter):
      "the adapter \(adapter) made nothing of its input; expected at least one control: give another input"
    case .size(let adapter, let size):
      "the adapter \(adapter) makes no condition for images of \(size.text); leave it or the size out"
    }
  }
}
