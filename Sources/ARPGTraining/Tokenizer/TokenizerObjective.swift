import ARPG
import ARPGTensor
import Foundation

/// What a step of training a tokenizer minimises: the error of reconstructed images, the distance of latents to their
/// codes, and, where asked for, how different images look to a network and how artificial to a discriminator.
///
/// Source: van den Oord et al., arXiv 1711.00937; LlamaGen, arXiv 2406.06525, section 3.1.
package struct TokenizerObjective: Sendable {
  /// The error of images.
  package var reconstruction = ReconstructionLoss()
  /// The weight of the distance of latents to their codes.
  package var commitment: Float = 0.25
  /// The weight of ``PerceptualLoss``.
  package var perceptual: Float = 0
  /// What images look like; nil for no such loss.
  package var perceptualLoss: PerceptualLoss?
  /// The weight of how artificial images look to a ``Discriminator``.
  package var adversarial: Float = 0

  /// The weights as above unless told otherwise.
  package init() {}

  /// What one step found.
  package struct Outcome: Sendable {
    /// What is minimised, a scalar.
    package let loss: Tensor
    /// The error of the images alone.
    package let reconstruction: Float
    /// The peak signal-to-noise ratio of the images in dB, for pixels of -1 ... 1.
    package let psnr: Double
    /// The latents, `[rows, code_dim]`, not tracked.
    package let latents: Tensor
    /// The code of each latent; empty where nothing was quantised.
    package let codes: [Int]
    /// The optional losses by their names, before their weights.
    package let parts: [String: Double]
  }

  /// Encodes and decodes a batch.
  ///
  /// - Parameters:
  ///   - images: `[batch, 3, height, width]` in -1 ... 1.
  ///   - tokenizer: its parameters may be tracked.
  ///   - codebook: `[codes, code_dim]` of unit length; nil leaves the latents as they are.
  package func callAsFunction(_ images: Tensor, _ tokenizer: VQTokenizer, codebook: Tensor?) -> Outcome {
    self(images, tokenizer, codebook: codebook, against: nil)
  }

  /// The same against a discriminator, whose own loss is a part of the whole.
  func callAsFunction(
    _ images: Tensor, _ tokenizer: VQTokenizer, codebook: Tensor?, against adversary: AdversarialLoss?
  ) -> Outcome {
    let latents = tokenizer.latents(of: images)
    let rows = images.shape[2] / tokenizer.configuration.downsamplingFactor
    var vectors = latents
    var codes: [Int] = []
    var commitmentLoss: Tensor?
    if let codebook {
      codes = latents.detached().nearestRows(in: codebook)
      let quantized = codebook.selectingRows(codes).reshaped(latents.shape)
      vectors = latents.straightThrough(to: quantized)
      commitmentLoss = latents.meanSquaredDistance(to: quantized).scaled(by: commitment)
    }
    let images = images.detached()
    let decoded = tokenizer.images(of: vectors, rows: rows)
    let error = reconstruction(decoded, target: images)
    var loss = commitmentLoss.map { error + $0 } ?? error
    var parts: [String: Double] = [:]
    func add(_ name: String, _ part: Tensor, weight: Float) {
      parts[name] = Double(part.scalar)
      loss = loss.adding(part, scale: weight)
    }
    if perceptual > 0, let perceptualLoss {
      add("perceptual", perceptualLoss(decoded, target: images), weight: perceptual)
    }
    if let adversary {
      add("generator", adversary.generator(decoded), weight: adversarial)
      add("discriminator", adversary.discriminator(images, reconstructed: decoded), weight: 1)
    }
    return Outcome(
      loss: loss, reconstruction: error.scalar,
      psnr: Self.psnr(decoded, images),
      latents: latents.detached().reshaped(latents.count / latents.shape[2], latents.shape[2]), codes: codes,
      parts: parts)
  }

  /// The peak signal-to-noise ratio in dB, for pixels of -1 ... 1.
  static func psnr(_ found: Tensor, _ expected: Tensor) -> Double {
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
