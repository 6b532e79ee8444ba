import ARPGKernels

/// `exp(logit - largest)` in double precision, with the same bits at every SIMD level.
///
/// - Parameters:
///   - logits: where one is no number, or so small that its exponential is next to nothing, that is 0.
///   - largest: of the logits.
///   - weights: as many as the logits.
/// - Returns: their sum.
package func exponentials(
  of logits: UnsafeBufferPointer<Float>, below largest: Float, into weights: UnsafeMutableBufferPointer<Double>
) -> Double {
  precondition(weights.count == logits.count, "\(logits.count) logits and room for \(weights.count)")
  guard let source = logits.baseAddress, let target = weights.baseAddress else { return 0 }
  return kernels.exponentials(source, largest, target, logits.count)
}
