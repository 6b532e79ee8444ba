import ARPG

/// The settings of `arpg train tokenizer`, beside those of ``LoopRecipe``.
public struct TokenizerRecipe: Recipe, Equatable {
  /// The settings of the loop, flat beside the others.
  public var loop: LoopRecipe
  /// What reconstruction is measured on beside, flat beside the others.
  public var heldOut = HeldOutRecipe()
  /// `image_size`: the side that images are cropped and scaled to. 256.
  package var imageSize = 256
  /// `channels`, `multipliers`, `blocks`, `latent`, `codebook`, `code_dim`, `groups`, `patch`, `attention`: the sizes,
  /// those of the starter model's tokenizer.
  package var sizes = VQConfiguration(
    channels: 64, multipliers: [1, 2, 3], blocks: 1, latent: 64, codebook: 4096, codeDim: 8, groups: 8, patch: 4,
    attention: false)
  /// `continue_tokenizer`: a model's folder or a checkpoint whose tokenizer is trained on, and not a new one: it tells the sizes,
  /// and its codebook is kept, without a quantisation warm-up. Null.
  package var continueTokenizer: String?
  /// `quantization_warmup`: the steps of the quantisation warm-up, before anything is quantised. 100.
  package var quantizationWarmup = 100
  /// `mirror`: whether half of the images are mirrored. True.
  package var mirror = true
  /// `luma`, `chroma`, `gradient`, `square`: the weights of the reconstruction loss. 1 each.
  package var reconstruction = ReconstructionLoss()
  /// `commitment`: the weight of the distance of latents to their codes. 0.25.
  package var commitment: Float = 0.25
  /// `perceptual`: the weight of ``PerceptualLoss``; `perceptual_model`: the file of its network, a VGG-16 with torchvision's
  /// names. 0 and none.
  package var perceptual: Float = 0
  /// See `perceptual`.
  package var perceptualModel = ""
  /// `adversarial`: the weight of how artificial images look to a discriminator that is trained along; 0 for none.
  /// `adversarial_from`: the steps before it counts. 0 and 2000.
  package var adversarial: Float = 0
  /// See `adversarial`.
  package var adversarialFrom = 2000

  /// The defaults of `arpg train tokenizer`: Muon, and an EMA that moves faster than a decoder's.
  public init() {
    loop = LoopRecipe()
    loop.batch = 16
    loop.optimizer = .muon
    loop.learningRate = 1e-3
    loop.weightDecay = 0
    loop.ema = 0.999
  }

  /// Former names of settings, which are still read.
  public static let renamed = LoopRecipe.renamed.merging(["free_steps": "quantization_warmup"]) { $1 }

  private enum CodingKeys: String, CodingKey {
    case commitment, mirror, perceptual, adversarial
    case continueTokenizer = "continue_tokenizer"
    case perceptualModel = "perceptual_model"
    case adversarialFrom = "adversarial_from"
    case imageSize = "image_size"
    case quantizationWarmup = "quantization_warmup"
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loop = try LoopRecipe(from: decoder)
    heldOut = try HeldOutRecipe(from: decoder)
    sizes = try VQConfiguration(from: decoder)
    reconstruction = try ReconstructionLoss(from: decoder)
    continueTokenizer = try container.decode(String?.self, forKey: .continueTokenizer)
    imageSize = try container.decode(Int.self, forKey: .imageSize)
    quantizationWarmup = try container.decode(Int.self, forKey: .quantizationWarmup)
    mirror = try container.decode(Bool.self, forKey: .mirror)
    commitment = try container.decode(Float.self, forKey: .commitment)
    perceptual = try container.decode(Float.self, forKey: .perceptual)
    perceptualModel = try container.decode(String.self, forKey: .perceptualModel)
    adversarial = try container.decode(Float.self, forKey: .adversarial)
    adversarialFrom = try container.decode(Int.self, forKey: .adversarialFrom)
  }

  /// Writes all settings into one object.
  public func encode(to encoder: any Encoder) throws {
    try loop.encode(to: encoder)
    try heldOut.encode(to: encoder)
    try sizes.encode(to: encoder)
    try reconstruction.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(continueTokenizer, forKey: .continueTokenizer)
    try container.encode(imageSize, forKey: .imageSize)
    try container.encode(quantizationWarmup, forKey: .quantizationWarmup)
    try container.encode(mirror, forKey: .mirror)
    try container.encode(commitment, forKey: .commitment)
    try container.encode(perceptual, forKey: .perceptual)
    try container.encode(perceptualModel, forKey: .perceptualModel)
    try container.encode(adversarial, forKey: .adversarial)
    try container.encode(adversarialFrom, forKey: .adversarialFrom)
  }

  /// The settings that may change when a run is resumed.
  public static let changeable = LoopRecipe.changeable.union(HeldOutRecipe.changeable)

  /// Checks every setting.
  public func validate() throws {
    try loop.validate()
    try heldOut.validate()
    try sizes.validate()
    try TrainingError.require(
      sizes.downsamplingFactor...1 << 12 ~= imageSize && imageSize % sizes.downsamplingFactor == 0, "image_size",
      imageSize,
      "a multiple of \(sizes.downsamplingFactor), at most \(1 << 12)")
    try TrainingError.require(
      1...1 << 30 ~= quantizationWarmup, "quantization_warmup", quantizationWarmup, "1 to \(1 << 30)")
    try TrainingError.require(0...1 << 30 ~= adversarialFrom, "adversarial_from", adversarialFrom, "0 to \(1 << 30)")
    try TrainingError.require(
      perceptual == 0 || (!perceptualModel.isEmpty && imageSize >= 16), "perceptual", perceptual,
      "0, or perceptual_model with the file of a VGG-16 and an image_size of at least 16")
    try TrainingError.require(
      adversarial == 0 || imageSize % 8 == 0, "adversarial", adversarial, "0, or an image_size that is a multiple of 8")
    let weights = [
      ("luma", reconstruction.luma), ("chroma", reconstruction.chroma), ("gradient", reconstruction.gradient),
      ("square", reconstruction.square), ("commitment", commitment), ("perceptual", perceptual),
      ("adversarial", adversarial),
    ]
    for (setting, value) in weights {
      try TrainingError.require(0...1000 ~= value, setting, value, "0 to 1000")
    }
  }

  /// What is minimised.
  ///
  /// - Throws: where the perceptual loss's network cannot be read.
  package var objective: TokenizerObjective {
    get throws {
      var objective = TokenizerObjective()
      objective.reconstruction = reconstruction
      objective.commitment = commitment
      objective.adversarial = adversarial
      if perceptual > 0 {
        objective.perceptual = perceptual
        objective.perceptualLoss = try PerceptualLoss(Checkpoint.open(perceptualModel))
      }
      return objective
    }
  }
}
