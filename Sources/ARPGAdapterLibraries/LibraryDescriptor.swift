import ARPG
import ARPGTensor
import CARPGAdapter
import Foundation

/// What a library says of an adapter: its description as all adapters have one, and what is told beside it in the same JSON
/// object.
struct LibraryDescriptor: Decodable {
  /// How a control image becomes a condition.
  enum Condition: String, Decodable {
    /// By a network with weights that are trained.
    case network
    /// By a function of the library.
    case tokens
  }

  private enum Scaling: String, Decodable { case nearest, bicubic }
  private enum CodingKeys: String, CodingKey { case condition, interpolation }

  let adapter: AdapterDescriptor
  let condition: Condition
  let interpolation: Interpolation

  init(from decoder: any Decoder) throws {
    adapter = try AdapterDescriptor(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    condition = try container.decode(Condition.self, forKey: .condition)
    let scaling = try container.decodeIfPresent(Scaling.self, forKey: .interpolation)
    interpolation = scaling == .bicubic ? .bicubic : .nearest
  }

  private static let mostBytes = 1 << 20

  /// Reads the descriptor of an entry of the table.
  ///
  /// - Parameters:
  ///   - number: of the entry, for errors, from 1.
  ///   - path: of the library.
  /// - Throws: ``AdapterLibraryError/malformed(path:what:found:expected:)``.
  init(of entry: ArpgAdapter, number: Int, in path: String) throws(AdapterLibraryError) {
    let what = "the descriptor of adapter \(number)"
    func malformed(_ found: String, _ expected: String) -> AdapterLibraryError {
      .malformed(path: path, what: what, found: found, expected: expected)
    }
    let bytes = UnsafeRawBufferPointer(start: entry.descriptor, count: strnlen(entry.descriptor, Self.mostBytes + 1))
    guard bytes.count <= Self.mostBytes else {
      throw malformed("more than \(Self.mostBytes) bytes", "at most \(Self.mostBytes) and a zero byte")
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(bytes))
      try adapter.validate()
    } catch {
      let reason = (error as? DecodingError)?.summary ?? "\(error)"
      throw malformed(String(reason.oneLine.prefix(400)), "a JSON object as arpg_adapter.h describes it")
    }
    guard (condition == .tokens) == (entry.tokens != nil) else {
      throw malformed(
        "\"condition\": \"\(condition.rawValue)\" and \(entry.tokens == nil ? "no" : "a") function tokens",
        "a function tokens for \"tokens\" alone")
    }
  }
}
