import ARPG
import ARPGTraining

/// The settings of `arpg train judge`, beside those of ``LoopRecipe``.
public struct JudgeRecipe: Recipe, Equatable {
  /// The settings of the loop, flat beside the others.
  public var loop: LoopRecipe
  /// `channels`, `image_size`: the sizes. 32 and 64.
  public var sizes = JudgeConfiguration()
  /// `scenes`: the number of scenes that are drawn; they are kept in memory. 4096.
  public var scenes = 4096
  /// `depth_weight`: of the error of depth beside that of the class. 4.
  public var depthWeight: Float = 4

  /// The defaults of `arpg train judge`.
  public init() {
    loop = LoopRecipe()
    loop.steps = 1500
    loop.batch = 32
    loop.optimizer = .muon
    loop.rate = 1e-3
    loop.average = 0.99
    loop.lastRate = 0.02
    loop.sampleEvery = 0
  }

  private enum CodingKeys: String, CodingKey {
    case scenes
    case depthWeight = "depth_weight"
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loop = try LoopRecipe(from: decoder)
    sizes = try JudgeConfiguration(from: decoder)
    scenes = try container.decode(Int.self, forKey: .scenes)
    depthWeight = try container.decode(Float.self, forKey: .depthWeight)
  }

  /// Writes all settings into one object.
  public func encode(to encoder: any Encoder) throws {
    try loop.encode(to: encoder)
    try sizes.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(scenes, forKey: .scenes)
    try container.encode(depthWeight, forKey: .depthWeight)
  }

  /// The settings that the same run may be given anew.
  public static let free = LoopRecipe.free

  /// Checks every setting.
  public func validate() throws {
    try loop.validate()
    try sizes.validate()
    try TrainingError.require(1...1 << 20 ~= scenes, "scenes", scenes, "1 to \(1 << 20)")
    try TrainingError.require(0...1000 ~= depthWeight, "depth_weight", depthWeight, "0 to 1000")
  }
}
