import ARPGKernels

extension Tensor {
  /// Scaled dot-product attention of several heads: queries `[batch, n, dim]` to `[batch, n, dim]`.
  ///
  /// - Parameters:
  ///   - context: the keys and values.
  ///   - heads: how many heads share the width.
  ///   - causal: whether the queries are those of the last keys, and see no later key than their own.
  /// - Returns: for each query the mean of the values it sees; 0 for a query whose own key is padding.
  public func attend(_ context: KeyValues, heads: Int, causal: Bool) -> Tensor {
    let span = TimeByPart.begin(.attention)
    defer { span.end() }
    let work = AttentionShape(queries: self, context: context, heads: heads, causal: causal)
    let result = context.padding == nil ? Tensor(uninitialized: shape) : Tensor(shape: shape, repeating: 0)
    switch context.memory {
    case .rows(let keys, let values), .heads(let keys, let values):
      work.run(scratch: work.keys) { part, scratch in
        kernels.attend(
          pointer + part.query, work.dim, keys.pointer + part.key, values.pointer + part.key, work.keyStride,
          result.mutablePointer + part.query, work.dim, part.queries, part.keys, work.headDim, work.scale, part.seen,
          scratch)
      }
      return result.recorded(from: [self, keys, values]) { gradient in
        let (dq, dk, dv) = work.gradients(queries: self, keys: keys, values: values, output: gradient)
        return [dq, dk, dv]
      }
    case .halves(let halves):
      precondition(!isTracked, "keys in half precision have no gradients")
      work.run(scratch: HalfKeyValues.padded(work.keys)) { part, scratch in
        kernels.attend_halves(
          pointer + part.query, work.dim, halves.keys(part.index), halves.values(part.index),
          result.mutablePointer + part.query, work.dim, part.queries, part.padded, work.keys, work.headDim, work.scale,
          part.padded + part.seen, scratch)
      }
      return result
    }
  }
}

/// The sizes of one attention, and its backward pass.
private struct AttentionShape: Sendable {
  let batch, queries, keys, dim, heads, headDim: Int
  /// How many keys there is room for, where those of a head follow each other; nil where the heads of a key do.
  private let headCapacity: Int?
  let scale: Float
  let causal: Bool
  let padding: [Int]?

  init(queries tensor: Tensor, context: KeyValues, heads: Int, causal: Bool) {
    precondition(tensor.shape.count == 3 && tensor.shape[0] == context.batch, "batches differ")
    precondition(tensor.shape[2] == context.dim && tensor.shape[2] % heads == 0, "widths differ")
    precondition(context.heads ?? heads == heads, "keys of other heads than \(heads)")
    if case .heads(let keys, _) = context.memory { headCapacity = keys.shape[2] } else { headCapacity = nil }
    batch = tensor.shape[0]
    queries = tensor.shape[1]
    keys = context.length
    dim = tensor.shape[2]
    self.heads = heads
    headDim = dim / heads
    scale = 1 / Float(headDim).squareRoot()
    self.causal = causal
    padding = context.padding
    precondition(!causal || queries <= keys, "\(queries) queries have more than the \(keys) keys")
  }

  /// The floats from one key of a head to the next.
  var keyStride: Int { headCapacity == nil ? dim : headDim }

  /// The work of a row of the batch and a head.
  struct Part {
    /// Its number.
    let index: Int
    /// Where its queries begin, and the keys that they may see.
    let query, key: Int
    /// How many there are, and how many keys before them are padding.
    let queries, keys, padded: Int
    /// How many keys the first query sees; each later one sees one more, as far as there are.
    let seen: Int
  }

  func part(_ index: Int) -> Part {
    let (row, head) = index.quotientAndRemainder(dividingBy: heads)
    let padded = padding?[row] ?? 0
    // The queries of the last keys: those of padding are left out.
    let skipped = causal ? min(queries, max(0, padded - (keys - queries))) : 0
    let left = keys - padded
    let key =
      headCapacity.map { (index * $0 + padded) * headDim } ?? (row * keys + padded) * dim + head * headDim
    return Part(
      index: index, query: (row * queries + skipped) * dim + head * headDim, key: key, queries: queries - skipped,
      keys: left, padded: padded, seen: causal ? left - (queries - skipped) + 1 : left)
  }

  /// Calls `body` for every part that has queries, with memory for the scores of a block of them with as many keys.
  func run(scratch keys: Int, _ body: @Sendable (Part, UnsafeMutablePointer<Float>?) -> Void) {
    let cost = queries * self.keys * headDim
    Parallel.forRanges(batch * heads, grain: max(1, 1 << 16 / max(1, cost))) { range in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: ARPG_ATTEND_QUERIES * keys) { scratch in
        for part in range.lazy.map(part(_:)) where part.queries > 0 { body(part, scratch.baseAddress) }
      }
    }
  }

  func gradients(
    queries q: Tensor, keys k: Tensor, values v: Tensor, output dy: Tensor
  ) -> (Tensor, Tensor, Tensor) {
    precondition(headCapacity == nil, "a buffer's keys have no gradients")
    let dq = padding == nil ? Tensor(uninitialized: q.shape) : Tensor(shape: q.shape, repeating: 0)
    let dk = Tensor(shape: k.shape, repeating: 0)
    let dv = Tensor(shape: v.shape, repeating: 0)
    let memory = 2 * Self.blockLength * keys
    Parallel.forEach(batch * heads, scratch: memory) { index, p in
      let part = part(index), at = part.query, kv = part.key
      let dp = p + Self.blockLength * keys
      for start in stride(from: 0, to: part.queries, by: Self.blockLength) {
        let rows = min(Self.blockLength, part.queries - start), first = at + start * dim
        // Under a causal mask a block of queries sees nothing behind its last.
        let seen = min(part.keys, part.seen + start + rows - 1)
        kernels.multiply(q.pointer + first, dim, 1, k.pointer + kv, 1, dim, p, seen, rows, seen, headDim, 0)
        for row in 0..<rows {
          for j in min(part.seen + start + row, seen)..<seen { p[row * seen + j] = -.infinity }
        }
        kernels.softmax(p, seen, scale, rows, seen)
        kernels.multiply(  // dV += Pᵀ dY
          p, 1, seen, dy.pointer + first, dim, 1, dv.mutablePointer + kv, dim, seen, headDim, rows, 1)
        kernels.multiply(  // dP = dY Vᵀ
          dy.pointer + first, dim, 1, v.pointer + kv, 1, dim, dp, seen, rows, seen, headDim, 0)
        kernels.softmax_gradient(p, dp, seen, scale, rows, seen)
        kernels.multiply(  // dQ = dS K
          dp, seen, 1, k.pointer + kv, dim, 1, dq.mutablePointer + first, dim, rows, headDim, seen, 0)
        kernels.multiply(  // dK += dSᵀ Q
          dp, 1, seen, q.pointer + first, dim, 1, dk.mutablePointer + kv, dim, seen, headDim, rows, 1)
      }
    }
    return (dq, dk, dv)
  }

  /// The queries of one block of the backward pass.
  private static let blockLength = 64
}
