import ARPGLayers
import ARPGTensor

/// Convolutions instead of a linear patch embedding: each of 3 x 3 and stride 2 halves the sides, from an image to one
/// token a patch, and one more of stride 1 goes over the tokens; then the embeddings of their positions are added.
///
/// Edges are learnt far faster than by a linear layer over patches. Source: Xiao et al., arXiv 2106.14881, section 4.
struct ConvolutionalStem: Sendable {
  private let layers: [Convolution]
  private let positions: Tensor
  private let configuration: VisionTransformerConfiguration

  /// Takes `stem.{i}.weight` and `.bias`, whose widths double from layer to layer up to that of a token, and
  /// `position_embeddings`.
  init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    self.configuration = configuration
    let halvings = configuration.patch.trailingZeroBitCount, dim = configuration.dim, grid = configuration.grid
    let widths = [3] + (0..<halvings).map { max(1, dim >> (halvings - 1 - $0)) } + [dim]
    layers = (0...halvings).map {
      Convolution(widths[$0], widths[$0 + 1], kernel: 3, parameters.scoped("stem.\($0)."))
    }
    positions = parameters.tensor(
      "position_embeddings", 1, grid * grid, dim, initial: .normal(deviation: 0.02))
  }

  /// Images `[batch, 3, height, width]` to tokens `[batch, patches, dim]`.
  func callAsFunction(_ images: Tensor) -> Tensor {
    let batch = images.shape[0], dim = configuration.dim, grid = configuration.grid
    var x = images
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      x = layer(index == 0 ? x : x.gelu(), isLast ? .none : .halved)
    }
    let rows = x.shape[2], columns = x.shape[3]
    let places = positions.reshaped(grid, grid, dim)
      .resized(axis: 0, to: rows, by: .bicubic)
      .resized(axis: 1, to: columns, by: .bicubic)
    return x.reshaped(batch, dim, rows * columns).transposed()
      .reshaped(batch, rows * columns * dim)
      .addingToRows(places.reshaped(rows * columns * dim))
      .reshaped(batch, rows * columns, dim)
  }
}
