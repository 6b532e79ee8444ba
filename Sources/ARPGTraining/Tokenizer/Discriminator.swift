import ARPG
import ARPGLayers
import ARPGTensor

/// Tells images from reconstructions, patch by patch: convolutions that halve the sides three times, then one number for
/// each place.
///
/// Source: Isola et al., arXiv 1611.07004, section 3.2.2; here with kernels of 3 and group normalisation.
package struct Discriminator: Module {
  /// The channels of the first layer, a multiple of ``groups``; later ones have two and four times as many.
  package let configuration: Int
  private let layers: [Convolution]
  private let norms: [GroupNorm]

  /// The groups of a normalisation.
  package static let groups = 8

  /// Takes `{i}.weight`, `{i}.bias`, `{i}.norm.weight` and `{i}.norm.bias`; the first and the last layer have no
  /// normalisation.
  package init(_ channels: Int, _ parameters: ParameterReader) {
    configuration = channels
    let widths = [3, channels, 2 * channels, 4 * channels, 4 * channels, 1]
    layers = (0..<5).map { Convolution(widths[$0], widths[$0 + 1], kernel: 3, parameters.scoped("\($0).")) }
    norms = (1..<4).map { GroupNorm(widths[$0 + 1], groups: Self.groups, parameters.scoped("\($0).norm.")) }
  }

  /// Images `[batch, 3, height, width]`, both sides multiples of 8, to how real each patch looks,
  /// `[batch, 1, height / 8, width / 8]`. Differentiable.
  package func callAsFunction(_ images: Tensor) -> Tensor {
    var x = images
    for (index, layer) in layers.enumerated() {
      x = layer(x, index < 3 ? .halved : .none)
      if index == 0 {
        x = x.silu()
      } else if index < 4 {
        x = norms[index - 1](x, silu: true)
      }
    }
    return x
  }
}

/// What tokenizer and discriminator set each other: hinge losses.
///
/// Source: Lim and Ye, arXiv 1705.02894; Esser et al., arXiv 2012.09841, section 3.1, with a fixed weight.
struct AdversarialLoss {
  /// The discriminator, and the same with weights that do not move.
  let discriminator, frozen: Discriminator

  /// What the tokenizer minimises: how artificial its images look.
  func generator(_ images: Tensor) -> Tensor { frozen(images).mean().scaled(by: -1) }

  /// What the discriminator minimises: `max(0, 1 - real)` and `max(0, 1 + reconstructed)`, averaged.
  func discriminator(_ images: Tensor, reconstructed: Tensor) -> Tensor {
    func hinge(_ scores: Tensor, sign: Float) -> Tensor {
      Tensor(shape: scores.shape, repeating: 1).adding(scores, scale: sign).relu().mean()
    }
    let real = hinge(discriminator(images.detached()), sign: -1)
    return (real + hinge(discriminator(reconstructed.detached()), sign: 1)).scaled(by: 0.5)
  }
}
