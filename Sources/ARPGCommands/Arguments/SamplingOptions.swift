import ARPG
import ArgumentParser

extension Schedule.Name: ExpressibleByArgument {}
extension GuidanceSchedule: ExpressibleByArgument {}

/// How many images are drawn, and how.
struct SamplingOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("variations")], parsing: .unconditional,
    help: ArgumentHelp("Images of each class or control.", valueName: "n"))
  var count = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make one image of a larger count again: that whose file has this number, from 1.", valueName: "n"))
  var number: Int?

  @Option(
    help: ArgumentHelp(
      "Take settings, seed, number, size and the controls' guidance of an image that this program made; what else is given counts more.",
      valueName: "image"))
  var like: String?

  @Option(
    help: ArgumentHelp(
      "Which positions come first: \(DecodingOrder.names.joined(separator: ", ")), or those of a .npy file. (default: the model's)",
      valueName: "name|file"),
    transform: OrderArgument.init(parsing:))
  var order: OrderArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Noise of the order by confidence; the larger, the more it is one at random. (default: 4.5)", valueName: "number")
  )
  var confidenceNoise: Float?

  @OptionGroup var seeding: SeedOption
  @OptionGroup var drawing: DrawingOptions

  func validate() throws {
    try DrawingOptions.validate(overrides)
    guard 1...100_000 ~= count else { throw ValidationError("--count is \(count); it takes 1 to 100000") }
    if let number {
      guard 1...100_000 ~= number else { throw ValidationError("--number is \(number); it takes 1 to 100000") }
      guard count == 1 else { throw ValidationError("--number makes one image; leave out --count") }
    }
  }

  /// The settings that are given, but for an order in a file.
  var overrides: SamplingOverrides {
    var overrides = drawing.overrides
    overrides.confidenceNoise = confidenceNoise
    if case .named(let order) = order { overrides.order = order }
    return overrides
  }

  /// The settings that are given for a decoder.
  ///
  /// - Throws: where the file of an order does not fit it.
  func overrides(for layout: DecoderLayout) throws -> SamplingOverrides {
    var overrides = overrides
    if let path = order?.path { overrides.order = try DecodingOrder(contentsOf: path, for: layout) }
    return overrides
  }
}

/// The seed of random numbers.
struct SeedOption: ParsableArguments {
  @Option(
    name: .customLong("seed"), parsing: .unconditional,
    help: ArgumentHelp(
      "The same seed and settings give the same images; `random`, or -1, draws one and tells it. (default: 0)",
      valueName: "number"))
  var given: Seed?

  /// The seed; 0 unless it is given.
  var seed: UInt64 { given?.value ?? 0 }

  /// Whether the seed was drawn, so that the user should be told.
  var isDrawn: Bool { given?.isDrawn ?? false }
}

/// A seed as it stands on the command line.
struct Seed: ExpressibleByArgument, CustomStringConvertible {
  let value: UInt64
  var isDrawn = false

  /// Seeds are whole numbers that JSON can hold.
  private static let largest: UInt64 = 1 << 53 - 1

  init(value: UInt64) {
    self.value = value
  }

  init?(argument: String) {
    if argument == "random" || argument == "-1" {
      (value, isDrawn) = (.random(in: 0...UInt64(UInt32.max)), true)
    } else if let number = UInt64(argument), number <= Self.largest {
      value = number
    } else {
      return nil
    }
  }

  var description: String { "\(value)" }
}

/// How codes are drawn; what is not given is the model's own suggestion.
struct DrawingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Steps of decoding. (default: the model's)", valueName: "n"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scale of classifier-free guidance; 1 is none. (default: the model's)", valueName: "scale"))
  var guidance: Float?

  @Option(help: "How the scale changes with the codes decoded. (default: the model's)")
  var guidanceSchedule: GuidanceSchedule?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A scale for the controls that have none of their own; a third prediction in each step. (default: guided with the class)",
      valueName: "scale"))
  var controlGuidance: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where a scale begins that changes. (default: the model's)", valueName: "scale"))
  var guidanceStart: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Exponent of power-cosine; the larger, the later the scale grows. (default: 2.75)", valueName: "number"))
  var guidancePower: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Guide only these steps, by the fraction of the codes decoded before them: 0.1,0.9. (default: all)",
      valueName: "from,to"),
    transform: Self.interval)
  var guidanceInterval: Range<Double>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many codes are guided, the first ones. (default: all)", valueName: "n"))
  var guidedTokens: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many codes each step decodes: arccos, cosine, or one of the decoder's own. (default: the model's)",
      valueName: "name"))
  var schedule: Schedule.Name?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Divisor of the logits; lower is safer. (default: the model's)", valueName: "number"))
  var temperature: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw from the k most likely codes; 0 is all, 1 is greedy. (default: the model's)", valueName: "k"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw from the most likely codes that together exceed p; 1 is all. (default: the model's)", valueName: "p"))
  var topP: Float?

  /// Reads two fractions with a comma between them.
  private static func interval(_ text: String) throws -> Range<Double> {
    let bounds = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard bounds.count == 2, bounds[0] <= bounds[1], bounds.allSatisfy((0...1).contains) else {
      throw ValidationError(
        "--guidance-interval is '\(text)'; it takes two fractions from 0 to 1, the smaller first: 0.1,0.9")
    }
    return bounds[0]..<bounds[1]
  }

  func validate() throws { try Self.validate(overrides) }

  /// Checks the range of each setting.
  static func validate(_ overrides: SamplingOverrides) throws {
    do { try overrides.applied(to: SamplingSettings()).validate() } catch { throw ValidationError("--\(error)") }
  }

  /// The settings that are given.
  var overrides: SamplingOverrides {
    var overrides = SamplingOverrides()
    (overrides.steps, overrides.schedule) = (steps, schedule)
    (overrides.guidance, overrides.guidanceSchedule, overrides.controlGuidance) = (
      guidance, guidanceSchedule, controlGuidance
    )
    (overrides.guidanceStart, overrides.guidedTokens) = (guidanceStart, guidedTokens)
    (overrides.guidancePower, overrides.guidanceInterval) = (guidancePower, guidanceInterval)
    (overrides.temperature, overrides.topK, overrides.topP) = (temperature, topK, topP)
    return overrides
  }
}
