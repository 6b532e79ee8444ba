import ARPG
import ARPGScenes
import ARPGTraining

/// The settings of `arpg train evaluator`, beside those of ``/ARPGTraining/LoopRecipe``.
public struct EvaluatorRecipe: Recipe, Equatable {
  /// The settings of the loop, flat beside the others.
  public var loop: LoopRecipe
  /// `channels`, `image_size`: the sizes. 32 and 64.
  public var sizes = EvaluatorConfiguration()
  /// `scenes`: the number of scenes that are rendered; they are kept in memory. 4096.
  public var scenes = 4096
  /// `depth_weight`: of the error of depth beside that of the class. 4.
  public var depthWeight: Float = 4
  /// `kinds`: what the scenes show, with the share of each kind: `classes` and `shapes`. Half of them each.
  public var kinds: [String: Double] = ["classes": 0.5, "shapes": 0.5]

  /// The defaults of `arpg train evaluator`.
  public init() {
    loop = LoopRecipe()
    loop.steps = 1500
    loop.batch = 32
    loop.optimizer = .muon
    loop.learningRate = 1e-3
    loop.ema = 0.99
    loop.lastLearningRate = 0.02
    loop.sampleEvery = 0
  }

  private enum CodingKeys: String, CodingKey {
    case scenes, kinds
    case depthWeight = "depth_weight"
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loop = try LoopRecipe(from: decoder)
    sizes = try EvaluatorConfiguration(from: decoder)
    scenes = try container.decode(Int.self, forKey: .scenes)
    depthWeight = try container.decode(Float.self, forKey: .depthWeight)
    kinds = try container.decode([String: Double].self, forKey: .kinds)
  }

  /// Writes all settings into one object.
  public func encode(to encoder: any Encoder) throws {
    try loop.encode(to: encoder)
    try sizes.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(scenes, forKey: .scenes)
    try container.encode(depthWeight, forKey: .depthWeight)
    try container.encode(kinds, forKey: .kinds)
  }

  /// The settings that may change when a run is resumed.
  public static let changeable = LoopRecipe.changeable

  /// Checks every setting.
  public func validate() throws {
    try loop.validate()
    try sizes.validate()
    try TrainingError.require(1...1 << 20 ~= scenes, "scenes", scenes, "1 to \(1 << 20)")
    try TrainingError.require(0...1000 ~= depthWeight, "depth_weight", depthWeight, "0 to 1000")
    _ = try mixture
  }

  /// What the scenes show.
  ///
  /// - Throws: ``/ARPGTraining/TrainingError/outOfRange(setting:found:expected:)`` for kinds that there are not, or shares
  ///   that are none.
  public var mixture: SceneMixture {
    get throws {
      var weights: [SceneKind: Double] = [:]
      for (name, weight) in kinds {
        guard let kind = SceneKind(rawValue: name) else {
          throw TrainingError.outOfRange(
            setting: "kinds", found: name, expected: SceneKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        weights[kind] = weight
      }
      do { return try SceneMixture(weights) } catch {
        throw TrainingError.outOfRange(setting: "kinds", found: "\(kinds)", expected: "shares: \(error)")
      }
    }
  }
}
