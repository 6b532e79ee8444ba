import ARPG
import ARPGTensor
import Foundation

/// A decoder family as somebody else would write one: a code is predicted from the mean of the codes known so far, the class
/// and the place. Its layers are those of the package.
struct MeanDecoder: ImageDecoder {
  struct Configuration: ImageDecoderConfiguration {
    var side: Int
    var dim: Int
    var vocab: Int
    var classes: Int

    var layout: DecoderLayout {
      DecoderLayout(
        rows: side, columns: side, vocab: vocab, dim: dim, injectableLayers: 1, classes: classes, order: .independent)
    }
    var summary: String { "width \(dim)" }

    func validate() throws(ConfigurationError) {
      for (field, value) in [("side", side), ("dim", dim), ("vocab", vocab), ("classes", classes)] {
        try ConfigurationError.require(1...1 << 10 ~= value, field, value, "1 to \(1 << 10)")
      }
    }
  }

  static let architecture = "mean"
  static let summary = "a decoder of means"
  static let guidance = GuidanceConvention(countsOwnStep: false, countsKnownCodes: true, isOffBelowOne: false)
  static let schedules = [Schedule.cosine]

  let configuration: Configuration
  private let codes, places, classes: Embedding
  private let inner: MLP
  private let head: Linear

  init(_ configuration: Configuration, _ parameters: ParameterReader) {
    let layout = configuration.layout, dim = configuration.dim
    self.configuration = configuration
    codes = Embedding(rows: layout.vocab, dim: dim, parameters.scoped("codes."))
    places = Embedding(rows: layout.tokens, dim: dim, parameters.scoped("places."))
    classes = Embedding(rows: layout.classes + 1, dim: dim, parameters.scoped("classes."))
    inner = MLP(dim, inner: 2 * dim, dim, parameters.scoped("inner."))
    head = Linear(dim, layout.vocab, parameters.scoped("head."))
  }

  static func recognizes(_ source: any ParameterSource) -> Bool { source.shape(of: "places.weight") != nil }

  static func configuration(
    of source: any ParameterSource, _ hints: DecoderHints
  ) throws(ConfigurationError) -> Configuration {
    let codes = try source.matrix("codes.weight", of: summary)
    let places = try source.matrix("places.weight", of: summary).rows
    return Configuration(
      side: Int(Double(places).squareRoot()), dim: codes.columns, vocab: codes.rows,
      classes: try source.matrix("classes.weight", of: summary).rows - 1)
  }

  static func suggestedSettings(for configuration: Configuration) -> SamplingSettings {
    var settings = SamplingSettings()
    (settings.schedule, settings.steps, settings.guidance) = (.cosine, 4, 2)
    return settings
  }

  var outputWeights: Tensor { head.weight }
  var nullPrefix: Tensor { classes([configuration.classes]).reshaped(1, 1, configuration.dim) }

  func prefix(ofClasses classes: [Int?]) throws(DecoderError) -> Tensor {
    for case let index? in classes where !(0..<configuration.classes ~= index) {
      throw .classOutOfRange(index, classes: configuration.classes)
    }
    return self.classes(classes.map { $0 ?? configuration.classes }).reshaped(classes.count, 1, configuration.dim)
  }

  func makeState(_ start: DecodingStart) -> any DecodingState { State(self, start) }

  /// The logits of places, one row each, from the mean of what is known there, `[rows, dim]`.
  fileprivate func logits(_ known: Tensor, at positions: [Int], _ condition: Tensor?) -> Tensor {
    let rows = known + places(positions)
    return head(inner(condition.map { rows + $0 } ?? rows))
  }

  fileprivate func embed(_ codes: [Int]) -> Tensor { self.codes(codes) }

  func trainingLoss(
    codes: [[Int]], orders: [[Int]], prefix: Tensor, conditions: [Int: Tensor], dropout: Dropout?
  ) -> Tensor {
    let dim = configuration.dim, tokens = configuration.layout.tokens
    var losses: [Tensor] = []
    for (row, order) in orders.enumerated() {
      var sum = prefix.slice(row..<row + 1).reshaped(1, dim)
      for (count, position) in order.enumerated() {
        let condition = conditions[0].map { tensor in
          tensor.reshaped(tensor.shape[0] * tokens, dim).selectingRows([row * tokens + position])
        }
        let logits = logits(sum.scaled(by: 1 / Float(count + 1)), at: [position], condition)
        losses.append(logits.crossEntropy([codes[row][position]]))
        sum = sum + embed([codes[row][position]])
      }
    }
    return losses.dropFirst().reduce(losses[0], +).scaled(by: 1 / Float(losses.count))
  }
}

private final class State: DecodingState {
  private let decoder: MeanDecoder
  private let start: DecodingStart
  private var sum: Tensor
  private var count = 1

  init(_ decoder: MeanDecoder, _ start: DecodingStart) {
    self.decoder = decoder
    self.start = start
    sum = start.prefix.reshaped(start.copies * start.images, decoder.configuration.dim)
  }

  func accept(_ codes: [[Int]], at positions: DecodingPositions) {
    for slot in 0..<positions.count { sum = sum + decoder.embed(start.repeated(codes.map { [$0[slot]] })) }
    count += positions.count
  }

  func logits(at positions: DecodingPositions, conditions: StepConditions) -> Tensor {
    let sequences = start.copies * start.images, dim = decoder.configuration.dim
    let rows = (0..<sequences).flatMap { row in positions[0].map { _ in row } }
    let known = sum.scaled(by: 1 / Float(count)).selectingRows(rows)
    let condition = conditions(at: positions)[0].map { $0.reshaped(sequences * positions.count, dim) }
    let places = start.repeated((0..<start.images).map { positions[$0] })
    return decoder.logits(known, at: places, condition)
      .reshaped(sequences, positions.count, decoder.configuration.vocab)
  }
}

/// A tokenizer as somebody else would write one: a code is the nearest colour of a palette to the mean of a square.
struct PaletteTokenizer: ImageTokenizer {
  struct Configuration: ImageTokenizerConfiguration {
    var colours: Int
    var square: Int

    var codebook: Int { colours }
    var downsamplingFactor: Int { square }
    var summary: String { "\(colours) colours" }

    func validate() throws(ConfigurationError) {
      try ConfigurationError.require(1...1 << 10 ~= colours, "colours", colours, "1 to \(1 << 10)")
      try ConfigurationError.require(1...64 ~= square, "square", square, "1 to 64")
    }
  }

  static let architecture = "palette"
  static let summary = "a palette of colours"

  let configuration: Configuration
  private let palette: Tensor

  init(_ configuration: Configuration, _ parameters: ParameterReader) {
    self.configuration = configuration
    palette = parameters.tensor("palette", configuration.colours, 3)
  }

  static func recognizes(_ source: any ParameterSource) -> Bool { source.shape(of: "palette") != nil }

  static func configuration(
    of source: any ParameterSource, groups: Int?
  ) throws(ConfigurationError) -> Configuration {
    Configuration(colours: try source.matrix("palette", of: summary).rows, square: 4)
  }

  func encode(_ images: Tensor) throws(TokenizerError) -> (latents: Tensor, codes: [[Int]]) {
    let square = configuration.square, height = images.shape[2], width = images.shape[3]
    let rows = height / square, columns = width / square
    let pixels = images.values, colours = palette.values
    var latents: [Float] = [], codes: [[Int]] = []
    for image in 0..<images.shape[0] {
      let means = (0..<3).map { channel in
        (0..<rows * columns).map { cell in
          let top = cell / columns * square, left = cell % columns * square
          let sum = (0..<square * square).reduce(Float(0)) { sum, index in
            let y = top + index / square, x = left + index % square
            return sum + pixels[((image * 3 + channel) * height + y) * width + x]
          }
          return sum / Float(square * square)
        }
      }
      latents += means.joined()
      codes.append(
        (0..<rows * columns).map { cell in
          (0..<configuration.colours).min { a, b in
            func distance(_ colour: Int) -> Float {
              (0..<3).reduce(0) { $0 + abs(means[$1][cell] - colours[colour * 3 + $1]) }
            }
            return distance(a) < distance(b)
          } ?? 0
        })
    }
    return (Tensor(shape: [images.shape[0], 3, rows, columns], values: latents), codes)
  }

  func decode(_ codes: [[Int]], rows: Int, columns: Int) throws(TokenizerError) -> Tensor {
    let square = configuration.square, colours = palette.values
    let values = codes.flatMap { codes in
      (0..<3).flatMap { channel in
        (0..<rows * square).flatMap { y in
          (0..<columns * square).map { x in colours[codes[y / square * columns + x / square] * 3 + channel] }
        }
      }
    }
    return Tensor(shape: [codes.count, 3, rows * square, columns * square], values: values)
  }
}
