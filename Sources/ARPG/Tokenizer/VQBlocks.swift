import ARPGLayers
import ARPGTensor

/// Two convolutions, each behind a normalisation and SiLU, plus the input.
struct ResidualBlock: Sendable {
  private let norm1, norm2: GroupNorm
  private let convolution1, convolution2: Convolution
  /// The gain of the last convolution of a block before anything is trained: a new block is nearly the identity.
  static let lastGain: Float = 0.1

  /// Where the number of channels changes.
  private let shortcut: Convolution?

  init(_ inputs: Int, _ outputs: Int, groups: Int, _ parameters: ParameterReader) {
    norm1 = GroupNorm(inputs, groups: groups, parameters.scoped("norm1."))
    convolution1 = Convolution(inputs, outputs, kernel: 3, parameters.scoped("conv1."))
    norm2 = GroupNorm(outputs, groups: groups, parameters.scoped("norm2."))
    convolution2 = Convolution(
      outputs, outputs, kernel: 3, initial: .scaledNormal(gain: Self.lastGain), parameters.scoped("conv2."))
    shortcut =
      inputs == outputs ? nil : Convolution(inputs, outputs, kernel: 1, parameters.scoped("nin_shortcut."))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = convolution2(norm2(convolution1(norm1(x, silu: true)), silu: true))
    return (shortcut?(x) ?? x) + y
  }

  /// The same of one image for inference. The memory of `x` becomes that of the result.
  func callAsFunction(_ x: Pixels, _ memory: PixelMemory) -> Pixels {
    let y = convolution1(x, normalization: norm1.normalization(of: x, silu: true), memory)
    let base = shortcut?(x, memory) ?? x
    let result = convolution2(y, normalization: norm2.normalization(of: y, silu: true), adding: base, memory)
    memory.give(y)
    if shortcut != nil { memory.give(x) }
    return result
  }
}

/// Attention from every position to every position, plus the input.
struct SpatialAttentionBlock: Sendable {
  private let norm: GroupNorm
  private let query, key, value, projection: Convolution

  init(_ channels: Int, groups: Int, _ parameters: ParameterReader) {
    norm = GroupNorm(channels, groups: groups, parameters.scoped("norm."))
    query = Convolution(channels, channels, kernel: 1, parameters.scoped("q."))
    key = Convolution(channels, channels, kernel: 1, parameters.scoped("k."))
    value = Convolution(channels, channels, kernel: 1, parameters.scoped("v."))
    projection = Convolution(
      channels, channels, kernel: 1, initial: .scaledNormal(gain: ResidualBlock.lastGain),
      parameters.scoped("proj_out."))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = norm(x)
    return x + projection(query(y).attendSpatially(keys: key(y), values: value(y)))
  }

  /// The same of one image for inference.
  func callAsFunction(_ x: Pixels, _ memory: PixelMemory) -> Pixels {
    let y = x.normalized(norm.normalization(of: x), memory)
    let parts = [query, key, value].map { $0(y, memory) }
    let attended = parts[0].attended(keys: parts[1], values: parts[2], memory)
    let result = projection(attended, adding: x, memory)
    for image in parts + [x, y, attended] { memory.give(image) }
    return result
  }
}

/// Residual blocks at one size, each followed by attention in the smallest stage.
struct VQStage: Sendable {
  private let blocks: [(residual: ResidualBlock, attention: SpatialAttentionBlock?)]

  init(_ inputs: Int, _ outputs: Int, blocks count: Int, attention: Bool, groups: Int, _ parameters: ParameterReader) {
    blocks = (0..<count).map { index in
      let residual = ResidualBlock(
        index == 0 ? inputs : outputs, outputs, groups: groups, parameters.scoped("res.\(index)."))
      return (
        residual,
        attention ? SpatialAttentionBlock(outputs, groups: groups, parameters.scoped("attn.\(index).")) : nil
      )
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    blocks.reduce(x) { x, block in
      let y = block.residual(x)
      return block.attention?(y) ?? y
    }
  }

  /// The same of one image for inference.
  func callAsFunction(_ x: Pixels, _ memory: PixelMemory) -> Pixels {
    blocks.reduce(x) { x, block in
      let y = block.residual(x, memory)
      return block.attention?(y, memory) ?? y
    }
  }
}

/// A residual block, attention and a residual block, between the smallest stage and the latents.
struct VQMiddle: Sendable {
  private let first, last: ResidualBlock
  private let attention: SpatialAttentionBlock

  init(_ channels: Int, groups: Int, _ parameters: ParameterReader) {
    first = ResidualBlock(channels, channels, groups: groups, parameters.scoped("0."))
    attention = SpatialAttentionBlock(channels, groups: groups, parameters.scoped("1."))
    last = ResidualBlock(channels, channels, groups: groups, parameters.scoped("2."))
  }

  func callAsFunction(_ x: Tensor) -> Tensor { last(attention(first(x))) }

  /// The same of one image for inference.
  func callAsFunction(_ x: Pixels, _ memory: PixelMemory) -> Pixels {
    last(attention(first(x, memory), memory), memory)
  }
}
