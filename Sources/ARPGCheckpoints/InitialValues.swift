/// What a parameter holds before anything is trained.
public enum InitialValues: Sendable, Equatable {
  /// 0 everywhere: biases, and layers that begin by adding nothing.
  case zeros
  /// 1 everywhere: the gains of norms.
  case ones
  /// Normal with a standard deviation.
  case normal(deviation: Float)
  /// Normal with the standard deviation `gain / √inputs`, where the inputs are all axes but the first: a signal keeps its
  /// size through the layer where the gain is 1.
  case scaledNormal(gain: Float = 1)
  /// Normal, then every row divided by its length.
  case unitRows
}
