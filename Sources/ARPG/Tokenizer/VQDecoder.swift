import ARPGLayers
import ARPGTensor

/// Features to images: `[batch, latent, rows, columns]` to `[batch, 3, rows * factor, columns * factor]`.
///
/// Source: LlamaGen, arXiv 2406.06525, section 3.1, and its published code.
struct VQDecoder: Sendable {
  private let patch: Int
  private let input, output: Convolution
  private let middle: VQMiddle
  private let stages: [(blocks: VQStage, upsample: Convolution?)]
  private let norm: GroupNorm

  init(_ configuration: VQConfiguration, _ parameters: ParameterReader) {
    let groups = configuration.groups
    let channels = configuration.multipliers.reversed().map { $0 * configuration.channels }
    let last = channels.count - 1
    patch = configuration.patch
    input = Convolution(configuration.latent, channels[0], kernel: 3, parameters.scoped("conv_in."))
    middle = VQMiddle(channels[0], groups: groups, parameters.scoped("mid."))
    stages = channels.enumerated().map { index, outputs in
      let scope = parameters.scoped("conv_blocks.\(index).")
      let blocks = VQStage(
        index == 0 ? outputs : channels[index - 1], outputs, blocks: configuration.blocks + 1,
        attention: configuration.attention && index == 0, groups: groups, scope)
      return (blocks, index == last ? nil : Convolution(outputs, outputs, kernel: 3, scope.scoped("upsample.conv.")))
    }
    norm = GroupNorm(channels[last], groups: groups, parameters.scoped("norm_out."))
    output = Convolution(channels[last], 3 * patch * patch, kernel: 3, parameters.scoped("conv_out."))
  }

  func callAsFunction(_ features: Tensor) -> Tensor {
    var x = middle(input(features))
    for stage in stages {
      x = stage.blocks(x)
      x = stage.upsample?(x, .doubled) ?? x
    }
    return output(norm(x, silu: true)).pixelShuffle(patch)
  }

  /// Whether one image at a time can be decoded with its channels side by side: its weights are in half precision.
  var takesPixels: Bool { input.takesPixels }

  /// The image of one image's features, for inference: `[3, rows * factor, columns * factor]` with a batch of 1.
  func image(of features: Pixels, _ memory: PixelMemory) -> Tensor {
    var x = middle(input(features, memory), memory)
    for stage in stages {
      x = stage.blocks(x, memory)
      guard let upsample = stage.upsample else { continue }
      let small = x
      x = upsample(small, doubled: true, memory)
      memory.give(small)
    }
    return output(x, normalization: norm.normalization(of: x, silu: true), memory).tensor.pixelShuffle(patch)
  }
}
