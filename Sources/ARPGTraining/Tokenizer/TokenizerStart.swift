import ARPG
import ARPGTensor
import Foundation

/// A VQ tokenizer that training goes on from: that of a model's folder, or of a checkpoint as it is published.
package struct TokenizerStart: Sendable {
  /// Its sizes.
  package let configuration: VQConfiguration
  /// The side of the model's images in pixels; nil for a checkpoint, which does not tell.
  package let imageSize: Int?
  /// Which of several weights of a checkpoint were taken; nil where it has no others.
  package let note: String?
  private let part: TokenizerPart
  private let checkpoint: Checkpoint

  /// Opens a tokenizer.
  ///
  /// - Parameters:
  ///   - path: a model's folder, or a safetensors or PyTorch file, as ``/ARPG/ModelConversion`` takes it.
  ///   - groups: the groups of a checkpoint's normalisations, which no tensor tells; 32 where nil.
  ///   - registries: the tokenizers that there are.
  /// - Throws: where there is no tokenizer, it is of another architecture, or it has no encoder.
  package init(_ path: String, groups: Int?, _ registries: Registries) throws {
    if FileManager.default.fileExists(atPath: "\(path)/\(ModelFolder.descriptionName)") {
      let folder = try ModelFolder.read(path, registries)
      guard let part = folder.description.tokenizer else {
        throw TrainingError.sample(
          path: path, found: "a model without a tokenizer", expected: "one with a tokenizer to train on")
      }
      self.part = part
      checkpoint = try Checkpoint.open(folder.path(of: part.file))
      imageSize = folder.description.imageSize
      try Self.checkEncoder(of: checkpoint)
    } else {
      checkpoint = try Checkpoint.open(path, lookingFor: Self.hasCodebook)
      try Self.checkEncoder(of: checkpoint)
      part = try TokenizerPart(inferredFrom: checkpoint, groups: groups, in: registries.tokenizers)
      imageSize = nil
    }
    guard let configuration = part.configuration as? VQConfiguration else {
      throw TrainingError.sample(
        path: path, found: "a tokenizer of the architecture \(part.architecture.architecture)",
        expected: "one of \(VQTokenizer.architecture), which can be trained")
    }
    try part.check(checkpoint)
    self.configuration = configuration
    let source = checkpoint.sourceName
    note = checkpoint.note.map { "\(source): \($0)" }
  }

  private static func hasCodebook(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.shape(of: VQTokenizer.codebookName) != nil
  }

  /// A decoder with a codebook makes images of codes, but cannot be trained.
  private static func checkEncoder(of checkpoint: Checkpoint) throws {
    guard hasCodebook(checkpoint), !checkpoint.names.contains(where: { $0.hasPrefix("encoder.") }) else { return }
    throw TrainingError.sample(
      path: checkpoint.sourceName, found: "a tokenizer without an encoder",
      expected: "one with tensors named encoder.*, which training needs")
  }

  /// The weights by the names of a model's file.
  package func tensors() throws -> [String: Tensor] {
    try Dictionary(uniqueKeysWithValues: part.parameterTable.map { ($0.name, try checkpoint.tensor(named: $0.name)) })
  }

  /// Checks that a recipe's sizes are those of the tokenizer.
  ///
  /// - Throws: ``TrainingError/recipe(source:reason:)``, which lists all that are not.
  package func check(_ sizes: VQConfiguration) throws {
    guard sizes != configuration, case .object(let own) = try JSONValue(encoding: configuration),
      case .object(let given) = try JSONValue(encoding: sizes)
    else { return }
    let differences = own.keys.sorted().filter { own[$0] != given[$0] }.map {
      "\($0) \(own[$0].text), not \(given[$0].text)"
    }
    throw TrainingError.recipe(
      source: checkpoint.sourceName,
      reason: "the tokenizer has \(differences.joined(separator: "; ")) as the recipe says; leave these settings out")
  }
}

extension TokenizerRecipe {
  /// The defaults of some settings that are given: where they go on from a tokenizer, its sizes.
  ///
  /// - Throws: where that tokenizer cannot be trained on.
  package static func defaults(for given: [String: JSONValue], _ registries: Registries) throws -> TokenizerRecipe {
    var recipe = TokenizerRecipe()
    guard case .string(let path)? = given["continue_tokenizer"] else { return recipe }
    var groups: Int?
    if case .number(let number)? = given["groups"] { groups = Int(exactly: number) }
    let start = try TokenizerStart(path, groups: groups, registries)
    recipe.sizes = start.configuration
    recipe.imageSize = start.imageSize ?? recipe.imageSize
    return recipe
  }
}
