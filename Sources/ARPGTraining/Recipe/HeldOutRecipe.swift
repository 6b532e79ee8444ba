import ARPG
import Foundation

/// What is measured beside training: a share of the data, which is then not trained on, or other data.
public enum HeldOut: Sendable, Equatable {
  /// A share of the samples, above 0 and at most 0.5.
  case share(Double)
  /// A folder.
  case folder(String)
}

extension HeldOut: Codable {
  /// Reads a number, or the path of a folder. A text that is a number is a share: `./7` is the folder `7`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let share = try? container.decode(Double.self) {
      self = .share(share)
    } else {
      let text = try container.decode(String.self)
      self = Double(text).map(HeldOut.share) ?? .folder(text)
    }
  }

  /// Writes the number, or the path.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .share(let share): try container.encode(share)
    case .folder(let path): try container.encode(path)
    }
  }
}

/// The settings of what is measured beside training, flat beside the others of a recipe.
public struct HeldOutRecipe: Sendable, Equatable, Codable {
  /// `held_out`: a share of the data that is not trained on, above 0 and at most 0.5, or a folder of other data; null for
  /// none. Null.
  package var source: HeldOut?
  /// `held_out_samples`: how many held-out images are looked at, spread over all. 256.
  package var samples = 256

  /// The defaults.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case source = "held_out"
    case samples = "held_out_samples"
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    source = try container.decode(HeldOut?.self, forKey: .source)
    samples = try container.decode(Int.self, forKey: .samples)
  }

  /// Writes the settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(source, forKey: .source)
    try container.encode(samples, forKey: .samples)
  }

  /// The settings may change when a run is resumed. Where another share changes what is trained on, so does the fingerprint of
  /// the data, which is looked at by itself.
  public static let changeable: Set<String> = [CodingKeys.source.rawValue, CodingKeys.samples.rawValue]

  /// Checks both settings.
  func validate() throws {
    try TrainingError.require(1...1 << 20 ~= samples, CodingKeys.samples.rawValue, samples, "1 to \(1 << 20)")
    let setting = CodingKeys.source.rawValue, expected = "a share of the data, above 0 and up to 0.5, or a folder"
    switch source {
    case .share(let share):
      try TrainingError.require(
        share > 0 && share <= 0.5, setting, share, expected + " (one that is named like a number as ./NAME)")
    case .folder(let path):
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      try TrainingError.require(exists && isFolder.boolValue, setting, "'\(path)', which is no folder", expected)
    case nil: break
    }
  }

  /// The data to train on, and the data that is held out.
  ///
  /// - Parameters:
  ///   - data: all of it.
  ///   - seed: of the run.
  ///   - open: opens another folder.
  /// - Throws: ``TrainingError/outOfRange(setting:found:expected:)`` for a share that leaves no sample on either side.
  func split<Data: NamedSamples>(
    _ data: Data, seed: UInt64, open: (String) throws -> Data
  ) throws -> (trained: Data, heldOut: HeldOutData<Data>?) {
    switch source {
    case nil: return (data, nil)
    case .folder(let path): return (data, HeldOutData(try open(path), count: samples))
    case .share(let share):
      let (trained, heldOut) = data.holdingOut(share, seed: seed)
      try TrainingError.require(
        trained.count > 0 && heldOut.count > 0, CodingKeys.source.rawValue,
        "\(share), which holds out \(heldOut.count) of the \(data.count) samples of \(data.root)",
        "a share that leaves samples on both sides")
      return (trained, HeldOutData(heldOut, count: samples))
    }
  }

  /// What the user should know of a share that is held out; nil where none is.
  func note(_ heldOut: Int, besides trained: Int) -> String? {
    guard case .share = source else { return nil }
    return "\(heldOut) of \(heldOut + trained) images are held out and not trained on"
  }
}

extension TrainingData {
  /// The images that a run with a share held out is not trained on.
  ///
  /// - Parameters:
  ///   - share: of the images, above 0 and at most 0.5.
  ///   - seed: of the run.
  /// - Throws: ``TrainingError/outOfRange(setting:found:expected:)`` for a share out of range, or one that leaves no image on
  ///   either side.
  public func heldOut(_ share: Double, seed: UInt64) throws -> TrainingData {
    var recipe = HeldOutRecipe()
    recipe.source = .share(share)
    try recipe.validate()
    return try recipe.split(self, seed: seed) { _ in self }.heldOut?.data ?? self
  }
}
