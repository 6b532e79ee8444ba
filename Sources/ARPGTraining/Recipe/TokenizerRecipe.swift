import ARPG

/// The settings of `arpg train tokenizer`, beside those of ``LoopRecipe``.
public struct TokenizerRecipe: Recipe, Equatable {
  /// The settings of the loop, flat beside the others.
  public var loop: LoopRecipe
  /// `image_size`: the side that pictures are cropped and scaled to. 128.
  public var imageSize = 128
  /// `channels`, `multipliers`, `blocks`, `latent`, `codebook`, `code_dim`, `groups`, `patch`, `attention`: the sizes,
  /// those of the starter model's tokenizer.
  public var sizes = VQConfiguration(
    channels: 32, multipliers: [1, 2, 4], blocks: 1, latent: 64, codebook: 1024, codeDim: 8, groups: 8, patch: 2,
    attention: false)
  /// `free_steps`: the steps before anything is quantised. 100.
  public var freeSteps = 100
  /// `mirror`: whether half of the pictures are mirrored. True.
  public var mirror = true
  /// `luma`, `chroma`, `gradient`, `square`: the weights of the reconstruction loss. 1 each.
  public var reconstruction = ReconstructionLoss()
  /// `commitment`: the weight of the distance of latents to their codes. 0.25.
  public var commitment: Float = 0.25

  /// The defaults of `arpg train tokenizer`: Muon, and averages that move faster than a decoder's.
  public init() {
    loop = LoopRecipe()
    loop.batch = 16
    loop.optimizer = .muon
    loop.rate = 1e-3
    loop.weightDecay = 0
    loop.average = 0.999
  }

  private enum CodingKeys: String, CodingKey {
    case commitment, mirror
    case imageSize = "image_size"
    case freeSteps = "free_steps"
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loop = try LoopRecipe(from: decoder)
    sizes = try VQConfiguration(from: decoder)
    reconstruction = try ReconstructionLoss(from: decoder)
    imageSize = try container.decode(Int.self, forKey: .imageSize)
    freeSteps = try container.decode(Int.self, forKey: .freeSteps)
    mirror = try container.decode(Bool.self, forKey: .mirror)
    commitment = try container.decode(Float.self, forKey: .commitment)
  }

  /// Writes all settings into one object.
  public func encode(to encoder: any Encoder) throws {
    try loop.encode(to: encoder)
    try sizes.encode(to: encoder)
    try reconstruction.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(imageSize, forKey: .imageSize)
    try container.encode(freeSteps, forKey: .freeSteps)
    try container.encode(mirror, forKey: .mirror)
    try container.encode(commitment, forKey: .commitment)
  }

  /// The settings that the same run may be given anew.
  public static let free = LoopRecipe.free

  /// Checks every setting.
  public func validate() throws {
    try loop.validate()
    try sizes.validate()
    try TrainingError.require(
      sizes.factor...1 << 12 ~= imageSize && imageSize % sizes.factor == 0, "image_size", imageSize,
      "a multiple of \(sizes.factor), at most \(1 << 12)")
    try TrainingError.require(1...1 << 30 ~= freeSteps, "free_steps", freeSteps, "1 to \(1 << 30)")
    let weights = [
      ("luma", reconstruction.luma), ("chroma", reconstruction.chroma), ("gradient", reconstruction.gradient),
      ("square", reconstruction.square), ("commitment", commitment),
    ]
    for (setting, value) in weights {
      try TrainingError.require(0...1000 ~= value, setting, value, "0 to 1000")
    }
  }

  /// What is minimised.
  public var objective: TokenizerObjective {
    var objective = TokenizerObjective()
    objective.reconstruction = reconstruction
    objective.commitment = commitment
    return objective
  }
}
