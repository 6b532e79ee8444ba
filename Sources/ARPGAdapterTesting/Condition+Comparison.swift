import ARPG
import ARPGTensor

extension Condition {
  /// All values by what to call them: condition tokens by layer, the prefix and its null.
  var parts: [(name: String, tensor: Tensor)] {
    let layers = tokens.sorted { $0.key < $1.key }.map { ("the tokens of layer \($0.key)", $0.value) }
    guard let prefix else { return layers }
    return layers + [("the prefix", prefix.embeddings), ("the null of the prefix", prefix.null)]
  }

  /// Where two conditions differ, in words; nil where they have the same bits.
  func difference(from other: Condition) -> String? {
    guard parts.map(\.name) == other.parts.map(\.name) else {
      return "\(parts.map(\.name).phrase) and \(other.parts.map(\.name).phrase)"
    }
    guard prefix?.padding == other.prefix?.padding, prefix?.replacesNull == other.prefix?.replacesNull else {
      return "a prefix with other padding or at another place"
    }
    for (own, others) in zip(parts, other.parts) {
      if let difference = own.tensor.difference(from: others.tensor) { return "\(own.name) with \(difference)" }
    }
    return nil
  }

  /// The condition of one element of a batch, as it is alone.
  func element(_ index: Int) -> Condition {
    var alone = Condition(tokens: tokens.mapValues { $0.element(index) })
    guard let prefix else { return alone }
    // Padding belongs to the batch.
    let missing = prefix.padding.map { $0.count > 1 ? $0[index] : $0[0] } ?? 0
    alone.prefix = Prefix(
      embeddings: prefix.embeddings.element(index).droppingRows(missing), null: prefix.null.droppingRows(missing),
      replacesNull: prefix.replacesNull)
    return alone
  }
}

extension Tensor {
  /// How another tensor differs, in words; nil where shape and bits are the same.
  func difference(from other: Tensor) -> String? {
    guard shape == other.shape else { return "the shapes \(shape) and \(other.shape)" }
    let (own, others) = (values, other.values)
    guard let index = own.indices.first(where: { own[$0].bitPattern != others[$0].bitPattern }) else { return nil }
    let count = own.indices.count { own[$0].bitPattern != others[$0].bitPattern }
    return "\(count) of \(own.count) values that differ, such as \(own[index]) and \(others[index])"
  }

  /// Whether no value is infinite or not a number.
  var isFinite: Bool { withValues { $0.allSatisfy(\.isFinite) } }

  /// One element of a batch, as a batch; the only one where there is but one.
  fileprivate func element(_ index: Int) -> Tensor { shape[0] > 1 ? slice(index..<index + 1) : self }

  /// `[1, length, dim]` without its first rows.
  fileprivate func droppingRows(_ count: Int) -> Tensor {
    guard count > 0 else { return self }
    return reshaped(shape[1], shape[2]).slice(count..<shape[1]).reshaped(1, shape[1] - count, shape[2])
  }
}

extension PreparedControl {
  /// How another prepared input differs, in words; nil where they are the same.
  func difference(from other: PreparedControl) -> String? {
    if let difference = values.difference(from: other.values) { return difference }
    if image != other.image { return "other images" }
    if note != other.note { return "the notes '\(note ?? "")' and '\(other.note ?? "")'" }
    if detail != other.detail { return "another detail" }
    return trainingImages == other.trainingImages ? nil : "other training images"
  }
}

extension [String] {
  /// The words of a list, for errors.
  var phrase: String { isEmpty ? "nothing" : joined(separator: ", ") }
}
