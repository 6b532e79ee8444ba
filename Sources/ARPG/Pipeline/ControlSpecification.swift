/// A control as a user asks for it: which adapter, what it is given, how strongly, when and where.
public struct ControlSpecification: Sendable {
  /// The adapter's name in the registry.
  public var adapter: String
  /// What it is given.
  public var input: ControlInput
  /// Its options, those that differ from their defaults.
  public var options: [String: String]
  /// The factor of its condition tokens; 0 is exactly no control.
  public var strength: Float
  /// When it acts, as fractions of the tokens decoded.
  public var window: Range<Double>
  /// Where it acts: white is fully, black not at all; stretched over the picture. Nil is everywhere.
  public var region: Image?

  /// A control, everywhere, at all times and at full strength unless told otherwise.
  public init(
    _ adapter: String, _ input: ControlInput, options: [String: String] = [:], strength: Float = 1,
    window: Range<Double> = 0..<1, region: Image? = nil
  ) {
    self.adapter = adapter
    self.input = input
    self.options = options
    self.strength = strength
    self.window = window
    self.region = region
  }
}

/// Controls that have been read and encoded for a model.
public struct PreparedControls: Sendable {
  /// The controls as the sampler takes them.
  public let active: [ActiveControl]
  /// What each adapter's encoder was given, for each element of its batch, in the order of the specifications.
  public let inputs: [(adapter: String, controls: [PreparedControl])]

  /// The number of different pictures that the controls describe: the length of the longest list.
  public let batch: Int

  /// No control.
  public static let none = PreparedControls(active: [], inputs: [], batch: 1)
}

/// Controls that cannot be used together.
public enum ControlError: Error, CustomStringConvertible, Equatable {
  /// Two controls describe different numbers of pictures, and neither describes one.
  case batches(String, Int, String, Int)
  /// The adapter failed, for a reason that its error gives.
  case failed(adapter: String, reason: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .batches(let first, let firstCount, let second, let secondCount):
      "\(first) describes \(firstCount) pictures and \(second) \(secondCount); give both lists the same length, or one of "
        + "them a single element"
    case .failed(let adapter, let reason): "\(adapter): \(reason)"
    }
  }
}
