import ARPGTensor

/// The keys and values of all tokens seen so far: one pair for each layer of the first pass, and the shared pair.
///
/// It never holds anything of a control.
public final class KeyValueCache {
  private var layers: [KeyValueBuffer]

  /// An empty cache.
  ///
  /// - Parameters:
  ///   - configuration: of the decoder.
  ///   - batch: the number of rows, those for guidance included.
  ///   - capacity: how many tokens it can hold.
  public init(_ configuration: DecoderConfiguration, batch: Int, capacity: Int) {
    layers = (0...configuration.layers / 2).map { _ in
      KeyValueBuffer(batch: batch, capacity: capacity, dim: configuration.dim)
    }
  }

  /// The number of tokens that all layers hold.
  public var length: Int { layers.last?.length ?? 0 }

  func append(_ new: KeyValues, layer: Int) -> KeyValues { layers[layer].append(new) }
}
