import ARPG
import ARPGTensor
import Foundation

/// Trains a tokenizer on images.
///
/// The first steps of a new one leave latents as they are; then the codebook starts from clusters of latents and follows them
/// by moving averages, which stand among the parameters under `codebook.`. A tokenizer that is trained on keeps its codebook,
/// also the codes that the data does not use.
public struct TokenizerTask: TrainingTask {
  /// The sizes.
  package let configuration: VQConfiguration
  /// What is minimised.
  package let objective: TokenizerObjective
  /// The images.
  package let data: ImageData
  /// The weights that training goes on from; nil for a new tokenizer.
  package let start: [String: Tensor]?
  /// The steps before anything is quantised; 0 for a tokenizer that is trained on.
  package let quantizationWarmup: Int
  /// The steps before a discriminator is trained and reckoned with; nil for none.
  package let adversarialFrom: Int?
  /// Whether half of the images are mirrored.
  package let mirrors: Bool
  /// What reconstruction is measured on beside; nil for none.
  package let heldOut: HeldOutData<ImageData>?
  /// The name of the model that is written.
  package let name: String
  /// What the user should know of how the task was put together.
  public internal(set) var notes: [String] = []

  /// A task; see the properties.
  package init(
    _ configuration: VQConfiguration, start: [String: Tensor]? = nil, objective: TokenizerObjective = .init(),
    data: ImageData,
    quantizationWarmup: Int = 100,
    adversarialFrom: Int? = nil, mirrors: Bool = true, heldOut: HeldOutData<ImageData>? = nil,
    name: String = "tokenizer"
  ) {
    self.configuration = configuration
    self.objective = objective
    self.data = data
    self.start = start
    self.quantizationWarmup = start == nil ? quantizationWarmup : 0
    self.adversarialFrom = adversarialFrom
    self.mirrors = mirrors
    self.heldOut = heldOut
    self.name = name
  }

  /// Puts together what a recipe asks for.
  ///
  /// - Parameters:
  ///   - recipe: the settings.
  ///   - root: the folder of the images, searched with all below it; a share of them may be held out.
  ///   - name: of the model that is written.
  ///   - registries: the tokenizers that one to go on from may be of.
  ///   - seed: of the run.
  /// - Throws: where there are no images, or a network or the tokenizer to go on from cannot be read or has other sizes.
  public init(
    _ recipe: TokenizerRecipe, data root: String, name: String = "tokenizer", _ registries: Registries, seed: UInt64
  ) throws {
    let start = try recipe.continueTokenizer.map { try TokenizerStart($0, groups: recipe.sizes.groups, registries) }
    try start?.check(recipe.sizes)
    func images(_ root: String) throws -> ImageData { try ImageData(root, size: recipe.imageSize) }
    let (data, heldOut) = try recipe.heldOut.split(images(root), seed: seed, open: images)
    self.init(
      recipe.sizes, start: try start?.tensors(), objective: try recipe.objective, data: data,
      quantizationWarmup: recipe.quantizationWarmup,
      adversarialFrom: recipe.adversarial > 0 ? recipe.adversarialFrom : nil, mirrors: recipe.mirror,
      heldOut: heldOut, name: name)
    notes = [start?.note, recipe.heldOut.note(heldOut?.data.count ?? 0, besides: data.count)].compactMap { $0 }
  }

  private static let vectors = VQTokenizer.codebookName
  private static let uses = "codebook.uses"
  private static let sums = "codebook.sums"
  private static let discriminator = "discriminator."
  private static let discriminatorChannels = 32

  /// The number of images.
  public var sampleCount: Int { data.count }

  /// Weights of the tokenizer, its codebook, which is empty where it is new, and a discriminator where there is one.
  public func initialParameters(seed: UInt64) throws -> [String: Tensor] {
    var parameters = start ?? VQTokenizer.initialParameters(configuration, seed: seed)
    if start != nil, let vectors = parameters[Self.vectors]?.normalizedRows() {
      // As if a step had used each code once.
      parameters[Self.vectors] = vectors
      parameters[Self.uses] = Tensor(shape: [configuration.codebook], repeating: 1)
      parameters[Self.sums] = vectors
    } else {
      parameters[Self.uses] = Tensor(shape: [configuration.codebook], repeating: 0)
      parameters[Self.sums] = Tensor(shape: [configuration.codebook, configuration.codeDim], repeating: 0)
    }
    if adversarialFrom != nil {
      let weights = Discriminator.initialParameters(
        Self.discriminatorChannels, seed: seed, purpose: .discriminator)
      for (name, tensor) in weights { parameters[Self.discriminator + name] = tensor }
    }
    return parameters
  }

  /// That of the images that are trained on.
  public func dataFingerprint() -> String? { data.fingerprint() }

  /// Images that cannot be read.
  public func leftOut() -> [String] { Set(data.leftOut + (heldOut?.data.leftOut ?? [])).sorted() }

  /// All but the codebook.
  public func isTrained(_ parameter: String) -> Bool {
    ![Self.vectors, Self.uses, Self.sums].contains(parameter)
  }

  /// Encodes and decodes a batch.
  public func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    let images = try readImages(batch, count: batch.samples.count)
    let isWarmingUp = batch.step <= quantizationWarmup
    let outcome = objective(
      images, tokenizer(parameters), codebook: isWarmingUp ? nil : parameters[Self.vectors],
      against: batch.step > adversarialFrom ?? .max ? adversary(parameters) : nil)
    var result = Objective(
      loss: outcome.loss,
      metrics: outcome.parts.merging(
        ["psnr": outcome.psnr, "reconstruction": Double(outcome.reconstruction)]) { $1 })
    if !isWarmingUp {
      let found = CodebookEMA.assign(outcome.latents, outcome.codes, codes: configuration.codebook)
      result.statistics = [Self.uses: found.counts, Self.sums: found.sums]
      result.metrics["codes"] = codebook(parameters).map { Double(configuration.codebook - $0.unused.count) }
    }
    return result
  }

  /// Moves the codebook.
  public func finishStep(
    _ parameters: inout [String: Tensor], statistics: [String: Tensor], batch: SampleBatch
  ) throws {
    guard batch.step >= quantizationWarmup else { return }
    var random = batch.random(.codebook, row: 0)
    var codebook: CodebookEMA
    if batch.step == quantizationWarmup {
      codebook = CodebookEMA(
        clustering: try latents(parameters, batch, count: batch.samples.count), codes: configuration.codebook,
        using: &random)
    } else {
      guard let found = self.codebook(parameters), let counts = statistics[Self.uses],
        let totals = statistics[Self.sums]
      else { return }
      codebook = found
      codebook.update(counts: counts, totals: totals)
      if start == nil, !codebook.unused.isEmpty {
        codebook.replaceUnused(by: try latents(parameters, batch, count: min(4, batch.samples.count)), using: &random)
      }
    }
    parameters[Self.vectors] = codebook.vectors
    parameters[Self.uses] = codebook.uses
    parameters[Self.sums] = codebook.sums
  }

  /// Writes a model with a tokenizer alone.
  public func writeModel(_ parameters: [String: Tensor], to folder: String) throws {
    var description = ModelDescription(name: name, imageSize: data.size)
    let part = TokenizerPart(VQTokenizer.self, configuration)
    description.tokenizer = part
    var writer = ModelWriter(description)
    let names = Set(part.parameterTable.map(\.name))
    writer.add(part.file, parameters.filter { names.contains($0.key) })
    try writer.write(to: folder)
  }

  /// Images above, and what becomes of them below.
  public func sampleSheet(_ parameters: [String: Tensor], seed: UInt64) throws -> Image? {
    let columns = min(8, data.count)
    let images = try data.images(
      (0..<columns).map { $0 * data.count / columns }, isMirrored: Array(repeating: false, count: columns))
    let decoded = reconstructed(images, parameters)
    let sheet = [images, decoded].flatMap { row in
      (0..<columns).map { Image(tensor: row.slice($0..<$0 + 1).reshaped(Array(row.shape.dropFirst()))) }
    }
    return ContactSheet(columns: columns).image(of: sheet)
  }

  /// Images encoded and decoded, as they are trained on: quantised once there is a codebook.
  func reconstructed(_ images: Tensor, _ parameters: [String: Tensor]) -> Tensor {
    let tokenizer = tokenizer(parameters)
    let latents = tokenizer.latents(of: images)
    let isQuantized = parameters[Self.uses]?.values.contains { $0 > 0 } ?? true
    let vectors =
      isQuantized ? tokenizer.codeVectors(tokenizer.codes(of: latents)).reshaped(latents.shape) : latents
    return tokenizer.images(of: vectors, rows: images.shape[2] / configuration.downsamplingFactor)
  }

  private func adversary(_ parameters: [String: Tensor]) -> AdversarialLoss {
    func discriminator(_ tensors: [String: Tensor]) -> Discriminator {
      Discriminator(Self.discriminatorChannels, ParameterReader(tensors: tensors).scoped(Self.discriminator))
    }
    return AdversarialLoss(
      discriminator: discriminator(parameters), frozen: discriminator(parameters.mapValues { $0.detached() }))
  }

  private func codebook(_ parameters: [String: Tensor]) -> CodebookEMA? {
    guard let vectors = parameters[Self.vectors], let uses = parameters[Self.uses], let sums = parameters[Self.sums]
    else { return nil }
    return CodebookEMA(vectors: vectors, uses: uses, sums: sums)
  }

  private func tokenizer(_ parameters: [String: Tensor]) -> VQTokenizer {
    VQTokenizer(configuration, ParameterReader(tensors: parameters))
  }

  /// The first images of a batch.
  private func readImages(_ batch: SampleBatch, count: Int) throws -> Tensor {
    let mirrored = (0..<count).map { row -> Bool in
      var random = batch.random(.crop, row: row)
      return mirrors && random.uniform() < 0.5
    }
    return try data.images(Array(batch.samples.prefix(count)), isMirrored: mirrored)
  }

  /// The latents of the first images of a batch, `[rows, code_dim]`.
  private func latents(_ parameters: [String: Tensor], _ batch: SampleBatch, count: Int) throws -> Tensor {
    let latents = tokenizer(parameters).latents(of: try readImages(batch, count: count))
    return latents.reshaped(latents.count / configuration.codeDim, configuration.codeDim)
  }
}
