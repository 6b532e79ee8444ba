import ARPGLayers
import ARPGTensor

/// The vectors that latents are rounded to, all of unit length.
///
/// Source: van den Oord et al., arXiv 1711.00937; Yu et al., arXiv 2110.04627, section 3.2, for the unit length.
struct Codebook: Sendable {
  /// `[codebook, code_dim]`, as in the file.
  private let embedding: Tensor

  init(_ configuration: VQConfiguration, _ parameters: ParameterReader) {
    embedding = parameters.tensor(
      "embedding.weight", configuration.codebook, configuration.codeDim, initial: .unitRows)
  }

  /// The nearest code of each latent of unit length, the lower of equals: `[..., code_dim]`.
  func codes(of latents: Tensor) -> [Int] { latents.nearestRows(in: embedding.normalizedRows()) }

  /// The vectors of codes: `[codes, code_dim]`. Differentiable with respect to the codebook.
  func vectors(of codes: [Int]) -> Tensor { embedding.selectingRows(codes).normalizedRows() }
}
