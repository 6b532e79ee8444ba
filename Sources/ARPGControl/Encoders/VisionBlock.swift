import ARPG
import ARPGTensor

/// A layer of a vision transformer: attention among all tokens, then a feed-forward layer, both on normalised tokens.
struct VisionBlock: Sendable {
  private let attentionNorm, feedForwardNorm: LayerNorm
  private let query, key, value, projection, up, down: AffineLayer
  private let attentionScale, feedForwardScale: Tensor?
  private let heads: Int

  init(
    _ configuration: VisionTransformerConfiguration, _ variant: VisionTransformer.Variant, _ parameters: ParameterReader
  ) {
    let hidden = configuration.hidden, intermediate = configuration.intermediate
    func affine(_ name: String, _ outputs: Int, _ inputs: Int) -> AffineLayer {
      AffineLayer(outputs: outputs, inputs: inputs, parameters.scoped(name + "."))
    }
    func norm(_ name: String) -> LayerNorm { LayerNorm(hidden, eps: variant.normEps, parameters.scoped(name + ".")) }
    attentionNorm = norm(variant.attentionNorm)
    query = affine("attention.attention.query", hidden, hidden)
    key = affine("attention.attention.key", hidden, hidden)
    value = affine("attention.attention.value", hidden, hidden)
    projection = affine("attention.output.dense", hidden, hidden)
    attentionScale = variant.attentionScale.map { parameters.tensor($0, hidden) }
    feedForwardNorm = norm(variant.feedForwardNorm)
    up = affine(variant.up, intermediate, hidden)
    down = affine(variant.down, hidden, intermediate)
    feedForwardScale = variant.feedForwardScale.map { parameters.tensor($0, hidden) }
    heads = configuration.heads
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let normalized = attentionNorm(x)
    let context = KeyValues(keys: key(normalized), values: value(normalized))
    let attended = projection(query(normalized).attend(context, heads: heads, causal: false))
    let y = x + (attentionScale.map { attended.multiplyingRows($0) } ?? attended)
    let fed = down(up(feedForwardNorm(y)).gelu())
    return y + (feedForwardScale.map { fed.multiplyingRows($0) } ?? fed)
  }
}

/// A linear layer with a bias.
struct AffineLayer: Sendable {
  private let weight, bias: Tensor

  init(outputs: Int, inputs: Int, _ parameters: ParameterReader) {
    weight = parameters.tensor("weight", outputs, inputs)
    bias = parameters.tensor("bias", outputs)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight, bias: bias) }
}

/// Layer normalisation with its gain and bias.
struct LayerNorm: Sendable {
  private let gain, bias: Tensor
  private let eps: Float

  init(_ dim: Int, eps: Float, _ parameters: ParameterReader) {
    gain = parameters.tensor("weight", dim)
    bias = parameters.tensor("bias", dim)
    self.eps = eps
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.layerNorm(gain: gain, bias: bias, eps: eps) }
}
