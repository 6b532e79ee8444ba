import ARPG
import ARPGTensor
import Foundation

/// A tokenizer of the golden cases, with random weights.
public struct GoldenTokenizer: Sendable {
  /// Its sizes.
  public let configuration: VQConfiguration
  /// Its weights.
  public let checkpoint: Checkpoint
  /// The cases' tensors.
  public let cases: Checkpoint

  /// Opens the case of a name.
  public init(_ name: String) throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/config.json")))
    configuration = try JSONDecoder().decode(VQConfiguration.self, from: text)
    checkpoint = try Checkpoint.open(Fixtures.path("\(name)/model.safetensors"))
    cases = try Checkpoint.open(Fixtures.path("\(name)/cases.safetensors"))
  }

  /// The tokenizer.
  public func load() throws -> VQTokenizer { try VQTokenizer.load(configuration, from: checkpoint) }

  /// The codes of a case, for each of its two images.
  public func codes(_ label: String) throws -> [[Int]] {
    let codes = try cases.integers(named: "\(label).codes")
    return [Array(codes[..<(codes.count / 2)]), Array(codes[(codes.count / 2)...])]
  }
}
