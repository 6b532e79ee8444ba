import ARPGLayers
import ARPGTensor

/// Patches as tokens: a linear layer, a class token in front, and the embeddings of their positions.
struct PatchEmbedding: Sendable {
  private let classToken, positions, projection, bias: Tensor
  private let configuration: VisionTransformerConfiguration

  init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    let dim = configuration.dim, patch = configuration.patch, grid = configuration.grid
    self.configuration = configuration
    classToken = parameters.tensor("cls_token", 1, 1, dim, initial: .normal(deviation: 0.02))
    positions = parameters.tensor(
      "position_embeddings", 1, 1 + grid * grid, dim, initial: .normal(deviation: 0.02))
    projection = parameters.tensor("patch_embeddings.projection.weight", dim, 3, patch, patch)
    bias = parameters.tensor("patch_embeddings.projection.bias", dim, initial: .zeros)
  }

  /// Images `[batch, 3, height, width]` to tokens `[batch, 1 + patches, dim]`, the class token first.
  func callAsFunction(_ images: Tensor) -> Tensor {
    let dim = configuration.dim, patch = configuration.patch, batch = images.shape[0]
    let rows = images.shape[2] / patch, columns = images.shape[3] / patch
    let table = positions.reshaped(1 + configuration.grid * configuration.grid, dim)
    let places = patchPositions(table, rows: rows, columns: columns).reshaped(rows * columns * dim)
    let patches = images.unfoldingPatches(patch)
      .linear(projection.reshaped(dim, 3 * patch * patch), bias: bias)
      .reshaped(batch, rows * columns * dim).addingToRows(places)
      .reshaped(batch, rows * columns, dim)
    let first = classToken.reshaped(1, dim) + table.slice(0..<1)
    return first.selectingRows(Array(repeating: 0, count: batch)).reshaped(batch, 1, dim).joined(with: patches)
  }

  /// The position embeddings of a grid, `[rows, columns, dim]`, interpolated where they were learnt for another.
  private func patchPositions(_ table: Tensor, rows: Int, columns: Int) -> Tensor {
    let grid = configuration.grid
    return table.slice(1..<1 + grid * grid).reshaped(grid, grid, configuration.dim)
      .resized(axis: 0, to: rows, by: .bicubic)
      .resized(axis: 1, to: columns, by: .bicubic)
  }
}
