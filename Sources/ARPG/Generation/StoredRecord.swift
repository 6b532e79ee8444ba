import ARPGTensor
import Foundation

/// What is read back of a ``GenerationRecord``: enough to make the image again with the same controls.
public struct StoredRecord: Sendable, Decodable {
  /// How codes were drawn.
  public let settings: SamplingSettings
  /// Of the random numbers.
  public let seed: UInt64
  /// Its number among the images of its element, from 0.
  public let number: Int
  /// How the decoder's matrices were kept.
  public let precision: WeightPrecision
  /// Its size, where that is not the model's.
  public let size: ImageSize?
  /// The controls.
  public let controls: [Control]

  /// What is told of a control, but for its input.
  public struct Control: Sendable, Decodable {
    /// The adapter's name.
    public let adapter: String
    /// The scale of guidance for it alone.
    public let guidance: Float?
  }

  private enum CodingKeys: String, CodingKey { case settings, seed, number, precision, size, controls }

  /// Reads a record; settings and seed must be there.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    settings = try container.decode(SamplingSettings.self, forKey: .settings)
    seed = try container.decode(UInt64.self, forKey: .seed)
    number = max(0, try container.decodeIfPresent(Int.self, forKey: .number) ?? 0)
    precision = try container.decodeIfPresent(WeightPrecision.self, forKey: .precision) ?? .float32
    size = try container.decodeIfPresent(String.self, forKey: .size).flatMap { ImageSize($0) }
    controls = try container.decodeIfPresent([Control].self, forKey: .controls) ?? []
  }

  /// Finds the record among the text entries of an image's file; nil where there is none.
  public init?(text: [(keyword: String, value: String)]) {
    guard let value = text.first(where: { $0.keyword == GenerationRecord.keyword })?.value,
      let record = try? JSONDecoder().decode(Self.self, from: Data(value.utf8))
    else { return nil }
    self = record
  }
}
