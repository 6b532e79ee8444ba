import ARPG
import ARPGTensor

extension ParameterSource {
  /// The tensors of a vision encoder by their plain names, without the prefix `vit.` or `dinov2.` that published files may
  /// carry. Where there is one, what stands beside it (a classifier, say) is left out.
  public var publishedEncoder: any ParameterSource {
    for prefix in ["vit.", "dinov2."] where names.contains(where: { $0.hasPrefix(prefix) }) {
      return renamed { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
    }
    return self
  }

  /// The tensors of an adapter, its encoder's without the prefix of published files.
  var adapterTensors: any ParameterSource {
    for prefix in ["encoder.vit.", "encoder.dinov2."] where names.contains(where: { $0.hasPrefix(prefix) }) {
      return renamed { $0.hasPrefix(prefix) ? "encoder." + $0.dropFirst(prefix.count) : $0 }
    }
    return self
  }

  /// The tensors whose names begin with a prefix, without it.
  func scoped(_ prefix: String) -> any ParameterSource {
    renamed { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
  }

  /// The same tensors by other names; nil leaves one out.
  private func renamed(_ rename: (String) -> String?) -> RenamedParameters {
    RenamedParameters(
      source: self,
      stored: Dictionary(names.compactMap { name in rename(name).map { ($0, name) } }) { first, _ in first })
  }
}

/// Tensors that go by other names than in their source.
private struct RenamedParameters: ParameterSource {
  let source: any ParameterSource
  let stored: [String: String]

  var sourceName: String { source.sourceName }
  var names: [String] { stored.keys.sorted() }
  func shape(of name: String) -> [Int]? { stored[name].flatMap(source.shape) }
  func tensor(named name: String) throws -> Tensor { try source.tensor(named: stored[name] ?? name) }
}
