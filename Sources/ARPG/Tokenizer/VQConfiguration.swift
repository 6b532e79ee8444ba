/// The sizes of a VQ tokenizer (LlamaGen, arXiv 2406.06525, section 3.1).
public struct VQConfiguration: ImageTokenizerConfiguration {
  /// The channels of the first stage.
  public var channels: Int
  /// The channels of each stage, as multiples of `channels`; every stage but the last halves the sides.
  public var multipliers: [Int]
  /// The residual blocks of an encoder stage; a decoder stage has one more.
  public var blocks: Int
  /// The channels between encoder and quantiser.
  public var latent: Int
  /// The number of codes.
  public var codebook: Int
  /// The length of a code's vector.
  public var codeDim: Int
  /// The groups of a group normalisation.
  public var groups: Int
  /// The side of the square of pixels that is folded into channels before the first convolution; 1 is none.
  public var patch: Int
  /// Whether the blocks of the encoder's last and the decoder's first stage are followed by attention.
  public var attention: Bool

  /// A configuration; what is not given is as in the published tokenizer.
  public init(
    channels: Int = 128, multipliers: [Int] = [1, 1, 2, 2, 4], blocks: Int = 2, latent: Int = 256,
    codebook: Int = 16384, codeDim: Int = 8, groups: Int = 32, patch: Int = 1, attention: Bool = true
  ) {
    self.channels = channels
    self.multipliers = multipliers
    self.blocks = blocks
    self.latent = latent
    self.codebook = codebook
    self.codeDim = codeDim
    self.groups = groups
    self.patch = patch
    self.attention = attention
  }

  /// How many pixels wide and high a code is.
  public var downsamplingFactor: Int { patch << (multipliers.count - 1) }

  /// The sizes in a few words.
  public var summary: String {
    "\(codebook) codes of \(codeDim) values, \(downsamplingFactor) x \(downsamplingFactor) pixels each"
  }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)``.
  public func validate() throws(ConfigurationError) {
    for (field, value, limit) in [
      ("channels", channels, 1 << 12), ("blocks", blocks, 1 << 6), ("latent", latent, 1 << 14),
      ("codebook", codebook, 1 << 24), ("code_dim", codeDim, 1 << 12), ("groups", groups, 1 << 12),
      ("patch", patch, 1 << 5),
    ] {
      try ConfigurationError.require(1...limit ~= value, field, value, "1 to \(limit)")
    }
    try ConfigurationError.require(
      1...8 ~= multipliers.count && multipliers.allSatisfy { 1...64 ~= $0 }, "multipliers", multipliers,
      "one to eight numbers from 1 to 64")
    try ConfigurationError.require(
      multipliers.allSatisfy { (channels * $0).isMultiple(of: groups) }, "groups", groups,
      "a divisor of the channels of every stage, which are \(multipliers.map { channels * $0 })")
  }
}

extension VQConfiguration {
  enum CodingKeys: String, CodingKey {
    case channels, multipliers, blocks, latent, codebook, groups, patch, attention
    case codeDim = "code_dim"
  }

  /// Reads a configuration and checks it; `groups`, `patch` and `attention` may be absent and are then as published.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      channels: try container.decode(Int.self, forKey: .channels),
      multipliers: try container.decode([Int].self, forKey: .multipliers),
      blocks: try container.decode(Int.self, forKey: .blocks),
      latent: try container.decode(Int.self, forKey: .latent),
      codebook: try container.decode(Int.self, forKey: .codebook),
      codeDim: try container.decode(Int.self, forKey: .codeDim),
      groups: try container.decodeIfPresent(Int.self, forKey: .groups) ?? 32,
      patch: try container.decodeIfPresent(Int.self, forKey: .patch) ?? 1,
      attention: try container.decodeIfPresent(Bool.self, forKey: .attention) ?? true)
    try validate()
  }
}
