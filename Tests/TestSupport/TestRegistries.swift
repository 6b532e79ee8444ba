import ARPG
import ARPGDecoder

extension Registries {
  /// The two-pass decoder and the tokenizer of LlamaGen; no adapter.
  public static let twoPass: Registries = {
    var registries = Registries()
    try? TwoPassDecoder.register(in: &registries)
    return registries
  }()
}
