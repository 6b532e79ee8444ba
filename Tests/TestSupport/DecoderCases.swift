import ARPG
import ARPGDecoder
import ARPGTensor
import Foundation

/// A two-pass decoder of the golden cases, with random weights.
public struct GoldenDecoder: Sendable {
  /// The folder's name in the fixtures.
  public let name: String
  /// Its weights.
  public let checkpoint: Checkpoint
  /// Its sizes.
  public let configuration: TwoPassConfiguration

  /// Opens the case of a name.
  public init(_ name: String) throws {
    self.name = name
    checkpoint = try Checkpoint.open(Fixtures.path("\(name)/model.safetensors"))
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/config.json")))
    let sizes = try JSONDecoder().decode([String: Double].self, from: text)
    func size(_ key: String) -> Int { Int(sizes[key] ?? 0) }
    let hidden = checkpoint.shape(of: "layers.self_dec.0.ffn.w1.weight")?.first ?? 0
    configuration = TwoPassConfiguration(
      dim: size("dim"), layers: size("layers"), heads: size("heads"), hidden: hidden, vocab: size("vocab"),
      classes: size("classes"), tokens: size("tokens"))
  }

  /// The decoder.
  public func load() throws -> TwoPassDecoder { try TwoPassDecoder.load(configuration, from: checkpoint) }

  /// The sampling cases.
  package func cases() throws -> [Case] {
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/sample.json")))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([Case].self, from: text)
  }

  /// One sampling case.
  package struct Case: Decodable, Sendable {
    package let `case`: Int
    package let steps: Int
    package let guidance: Float
    package let guidanceSchedule: GuidanceSchedule
    package let schedule: Schedule.Name
    package let temperature: Float
    package let topK: Int
    package let topP: Float
    package let labels: [Int]
    package let controlLayers: [Int]
    package let known: Bool
    package let noise: Bool
    package let stepSizes: [Int]

    /// The same as settings; without noise a case is greedy.
    package var settings: SamplingSettings {
      var settings = SamplingSettings()
      settings.steps = steps
      settings.guidance = guidance
      settings.guidanceSchedule = guidanceSchedule
      settings.schedule = schedule
      settings.temperature = temperature
      settings.topK = noise ? topK : 1
      settings.topP = topP
      return settings
    }
  }

  /// A prefix of one class token for each image.
  public static func classPrefix(_ labels: [Int], of decoder: any ImageDecoder) throws -> Condition {
    Condition(
      prefix: .init(embeddings: try decoder.prefix(ofClasses: labels), null: decoder.nullPrefix, replacesNull: true))
  }
}

/// Given random numbers: an order, and one number for each image and position.
public struct GivenRandomSource: RandomSource {
  private let given: [Int]
  private let numbers: [Float]

  /// An order, and numbers `[images, tokens]`.
  public init(order: [Int], numbers: [Float]) {
    given = order
    self.numbers = numbers
  }

  /// The order given.
  public func order(tokens: Int) -> [Int] { given }
  /// The number given, or 0 where there is none.
  public func uniform(image: Int, position: Int) -> Double {
    let index = image * given.count + position
    return index < numbers.count ? Double(numbers[index]) : 0
  }
  /// The number given in every step, and no noise.
  public func confidence(image: Int, position: Int, step: Int) -> (code: Double, noise: Double) {
    (uniform(image: image, position: position), 0.5)
  }
}
