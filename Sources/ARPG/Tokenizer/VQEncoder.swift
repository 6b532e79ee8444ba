import ARPGLayers
import ARPGTensor

/// Images to features: `[batch, 3, height, width]` in -1 ... 1 to `[batch, latent, height / factor, width / factor]`.
///
/// Source: LlamaGen, arXiv 2406.06525, section 3.1, and its published code.
struct VQEncoder: Sendable {
  private let patch: Int
  private let input, output: Convolution
  private let stages: [(blocks: VQStage, downsample: Convolution?)]
  private let middle: VQMiddle
  private let norm: GroupNorm

  init(_ configuration: VQConfiguration, _ parameters: ParameterReader) {
    let groups = configuration.groups, first = configuration.channels
    let channels = configuration.multipliers.map { $0 * first }
    let last = channels.count - 1
    patch = configuration.patch
    input = Convolution(3 * patch * patch, first, kernel: 3, parameters.scoped("conv_in."))
    stages = channels.enumerated().map { index, outputs in
      let scope = parameters.scoped("conv_blocks.\(index).")
      let blocks = VQStage(
        index == 0 ? first : channels[index - 1], outputs, blocks: configuration.blocks,
        attention: configuration.attention && index == last, groups: groups, scope)
      return (blocks, index == last ? nil : Convolution(outputs, outputs, kernel: 3, scope.scoped("downsample.conv.")))
    }
    middle = VQMiddle(channels[last], groups: groups, parameters.scoped("mid."))
    norm = GroupNorm(channels[last], groups: groups, parameters.scoped("norm_out."))
    output = Convolution(channels[last], configuration.latent, kernel: 3, parameters.scoped("conv_out."))
  }

  func callAsFunction(_ images: Tensor) -> Tensor {
    var x = input(images.pixelUnshuffle(patch))
    for stage in stages {
      x = stage.blocks(x)
      x = stage.downsample?(x, .halved) ?? x
    }
    return output(norm(middle(x), silu: true))
  }
}
