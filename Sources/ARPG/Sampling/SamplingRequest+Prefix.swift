import ARPGTensor

/// What stands in front of the codes of a request: class or text, or the decoder's null prefix where no control gives one of
/// them; behind it the other controls' prefixes. It is laid out as in training.
struct RequestPrefix {
  /// `[images or 1, length, dim]`.
  private let conditional: Tensor
  /// `[1, length, dim]`.
  private let unconditional: Tensor
  /// For each image, how many of its first tokens are padding; nil for none.
  private let padding: [Int]?

  init(_ prefixes: [Condition.Prefix], none: Tensor, images: Int) {
    guard !prefixes.isEmpty else {
      (conditional, unconditional, padding) = (none, none, nil)
      return
    }
    let first = prefixes.filter(\.replacesNull)
    let prefixes =
      (first.isEmpty ? [Condition.Prefix(embeddings: none, null: none)] : first) + prefixes.filter { !$0.replacesNull }
    // Padding stands in front of everything else.
    let padded = prefixes.filter { $0.padding != nil } + prefixes.filter { $0.padding == nil }
    conditional = padded.map(\.embeddings).joined(images: images)
    unconditional = padded.map(\.null).joined(images: images)
    padding = padded[0].padding.map { $0.count == images ? $0 : Array(repeating: $0[0], count: images) }
  }

  /// The rows of all copies that guidance needs: the last copy is unconditional, the others are conditional.
  func start(images: Int, rows: GuidanceRows) -> DecodingStart {
    let conditional = [conditional].joined(images: images), unconditional = [unconditional].joined(images: images)
    let copies = rows.perSample
    let values = (0..<copies).flatMap { copy in
      (rows.isGuided && copy == copies - 1 ? unconditional : conditional).values
    }
    return DecodingStart(
      prefix: Tensor(shape: [copies * images] + conditional.shape.dropFirst(), values: values),
      padding: padding.map { Array(repeating: $0, count: copies).flatMap { $0 } }, images: images, copies: copies)
  }
}

extension [Tensor] {
  /// Joins tensors `[1 or images, n, dim]` along their middle axis, repeating those of one image.
  fileprivate func joined(images: Int) -> Tensor {
    let whole = map { part in
      part.shape[0] == images
        ? part
        : Tensor(
          shape: [images] + part.shape.dropFirst(), values: repeatElement(part.values, count: images).flatMap { $0 })
    }
    return whole.dropFirst().reduce(whole[0]) { $0.joined(with: $1) }
  }
}
