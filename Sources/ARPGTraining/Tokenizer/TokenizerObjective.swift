import ARPG
import ARPGTensor
import Foundation

/// What a step of training a tokenizer minimises: the error of reconstructed images, and the distance of latents to their
/// codes.
///
/// Source: van den Oord et al., arXiv 1711.00937; LlamaGen, arXiv 2406.06525, section 3.1.
public struct TokenizerObjective: Sendable {
  /// The error of images.
  public var reconstruction = ReconstructionLoss()
  /// The weight of the distance of latents to their codes.
  public var commitment: Float = 0.25

  /// The weights as above unless told otherwise.
  public init() {}

  /// What one step found.
  public struct Outcome: Sendable {
    /// What is minimised, a scalar.
    public let loss: Tensor
    /// The error of the images alone.
    public let reconstruction: Float
    /// The peak signal-to-noise ratio of the images in dB, for pixels of -1 ... 1.
    public let psnr: Double
    /// The latents, `[rows, code_dim]`, not tracked.
    public let latents: Tensor
    /// The code of each latent; empty where nothing was quantised.
    public let codes: [Int]
  }

  /// Encodes and decodes a batch.
  ///
  /// - Parameters:
  ///   - images: `[batch, 3, height, width]` in -1 ... 1.
  ///   - tokenizer: its parameters may be tracked.
  ///   - codebook: `[codes, code_dim]` of unit length; nil leaves the latents as they are.
  public func callAsFunction(_ images: Tensor, _ tokenizer: VQTokenizer, codebook: Tensor?) -> Outcome {
    let latents = tokenizer.latents(of: images)
    let rows = images.shape[2] / tokenizer.configuration.factor
    var vectors = latents
    var codes: [Int] = []
    var commitmentLoss: Tensor?
    if let codebook {
      codes = latents.untracked().nearestRows(in: codebook)
      let quantized = codebook.selectingRows(codes).reshaped(latents.shape)
      vectors = latents.straightThrough(to: quantized)
      commitmentLoss = latents.meanSquaredDistance(to: quantized).scaled(by: commitment)
    }
    let images = images.untracked()
    let decoded = tokenizer.images(of: vectors, rows: rows)
    let error = reconstruction(decoded, target: images)
    return Outcome(
      loss: commitmentLoss.map { error + $0 } ?? error, reconstruction: error.scalar,
      psnr: Self.psnr(decoded, images),
      latents: latents.untracked().reshaped(latents.count / latents.shape[2], latents.shape[2]), codes: codes)
  }

  private static func psnr(_ found: Tensor, _ expected: Tensor) -> Double {
    let error = found.withValues { found in
      expected.withValues { expected in
        zip(found, expected).reduce(0.0) { sum, pair in
          let difference = Double(max(-1, min(pair.0, 1)) - pair.1)
          return sum + difference * difference
        }
      }
    }
    return 10 * log10(4 * Double(found.count) / max(error, 1e-30))
  }
}
