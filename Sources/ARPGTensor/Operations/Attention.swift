import ARPGKernels

/// Keys and values that queries attend to: the first `length` rows of buffers that may hold more.
public struct KeyValues: Sendable {
  /// `[batch, capacity, dim]`, rotated.
  let keys: Tensor
  /// `[batch, capacity, dim]`.
  let values: Tensor
  /// The number of rows in use.
  public let length: Int

  /// Keys and values of one shape, `[batch, length, dim]`, all rows in use.
  public init(keys: Tensor, values: Tensor) {
    self.init(keys: keys, values: values, length: keys.shape[1])
  }

  init(keys: Tensor, values: Tensor, length: Int) {
    precondition(keys.shape == values.shape && keys.shape.count == 3, "keys \(keys.shape), values \(values.shape)")
    self.keys = keys
    self.values = values
    self.length = length
  }

  /// The number of rows of the batch.
  public var batch: Int { keys.shape[0] }

  var capacity: Int { keys.shape[1] }
}

extension Tensor {
  /// Scaled dot-product attention of several heads: queries `[batch, n, dim]` to `[batch, n, dim]`.
  ///
  /// - Parameters:
  ///   - context: the keys and values.
  ///   - heads: how many heads share the width.
  ///   - causal: whether query `t` sees only keys `0 ... t`.
  public func attend(_ context: KeyValues, heads: Int, causal: Bool) -> Tensor {
    let work = AttentionShape(queries: self, context: context, heads: heads, causal: causal)
    let result = Tensor(uninitialized: shape)
    let cost = work.queries * work.keys * work.headDim
    Parallel.forRanges(work.batch * heads, grain: max(1, 1 << 16 / max(1, cost))) { range in
      let capacity = ARPG_ATTEND_QUERIES * work.keys
      withUnsafeTemporaryAllocation(of: Float.self, capacity: capacity) { scratch in
        for index in range {
          let (q, kv) = work.offsets(index)
          kernels.attend(
            pointer + q, work.dim, context.keys.pointer + kv, context.values.pointer + kv, work.dim,
            result.mutablePointer + q, work.dim, work.queries, work.keys, work.headDim, work.scale, causal ? 1 : 0,
            scratch.baseAddress)
        }
      }
    }
    return result.recorded(from: [self, context.keys, context.values]) { gradient in
      let (dq, dk, dv) = work.gradients(queries: self, context: context, output: gradient)
      return [dq, dk, dv]
    }
  }
}

/// The sizes of one attention, and its backward pass.
private struct AttentionShape: Sendable {
  let batch, queries, keys, capacity, dim, heads, headDim: Int
  let scale: Float
  let causal: Bool

  init(queries tensor: Tensor, context: KeyValues, heads: Int, causal: Bool) {
    precondition(tensor.shape.count == 3 && tensor.shape[0] == context.keys.shape[0], "batches differ")
    precondition(tensor.shape[2] == context.keys.shape[2] && tensor.shape[2] % heads == 0, "widths differ")
    batch = tensor.shape[0]
    queries = tensor.shape[1]
    keys = context.length
    capacity = context.capacity
    dim = tensor.shape[2]
    self.heads = heads
    headDim = dim / heads
    scale = 1 / Float(headDim).squareRoot()
    self.causal = causal
  }

  /// Where the queries, and the keys, of a row of the batch and a head begin.
  func offsets(_ index: Int) -> (queries: Int, keys: Int) {
    let (row, head) = index.quotientAndRemainder(dividingBy: heads)
    return (row * queries * dim + head * headDim, row * capacity * dim + head * headDim)
  }

  func gradients(queries q: Tensor, context: KeyValues, output dy: Tensor) -> (Tensor, Tensor, Tensor) {
    let dq = Tensor(uninitialized: q.shape)
    let dk = Tensor(shape: context.keys.shape, repeating: 0)
    let dv = Tensor(shape: context.values.shape, repeating: 0)
    let memory = 2 * Self.blockLength * keys
    Parallel.forEach(batch * heads, scratch: memory) { index, p in
      let (at, kv) = offsets(index)
      let dp = p + Self.blockLength * keys
      for start in stride(from: 0, to: queries, by: Self.blockLength) {
        let rows = min(Self.blockLength, queries - start), first = at + start * dim
        // Under a causal mask a block of queries sees nothing behind its last.
        let seen = causal ? min(keys, start + rows) : keys
        probabilities(start, rows: rows, seen: seen, q.pointer + first, context.keys.pointer + kv, into: p)
        kernels.multiply(  // dV += Pᵀ dY
          p, 1, seen, dy.pointer + first, dim, 1, dv.mutablePointer + kv, dim, seen, headDim, rows, 1)
        kernels.multiply(  // dP = dY Vᵀ
          dy.pointer + first, dim, 1, context.values.pointer + kv, 1, dim, dp, seen, rows, seen, headDim, 0)
        kernels.softmax_gradient(p, dp, seen, scale, rows, seen)
        kernels.multiply(  // dQ = dS K
          dp, seen, 1, context.keys.pointer + kv, dim, 1, dq.mutablePointer + first, dim, rows, headDim, seen, 0)
        kernels.multiply(  // dK += dSᵀ Q
          dp, 1, seen, q.pointer + first, dim, 1, dk.mutablePointer + kv, dim, seen, headDim, rows, 1)
      }
    }
    return (dq, dk, dv)
  }

  /// The queries of one block of the backward pass.
  private static let blockLength = 64

  /// `[rows, seen]`, for the queries from `start` on.
  private func probabilities(
    _ start: Int, rows: Int, seen: Int, _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>,
    into p: UnsafeMutablePointer<Float>
  ) {
    kernels.multiply(q, dim, 1, k, 1, dim, p, seen, rows, seen, headDim, 0)
    if causal {
      for row in 0..<rows {
        for j in min(start + row + 1, seen)..<seen { p[row * seen + j] = -.infinity }
      }
    }
    kernels.softmax(p, seen, scale, rows, seen)
  }
}
