import ARPGLayers
import ARPGTensor

/// Patches as tokens: a linear layer, a class token in front, and the embeddings of their positions.
struct PatchEmbedding: Sendable {
  private let classToken, positions, projection, bias: Tensor
  private let configuration: VisionTransformerConfiguration

  init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    let hidden = configuration.hidden, patch = configuration.patch, grid = configuration.grid
    self.configuration = configuration
    classToken = parameters.tensor("cls_token", 1, 1, hidden, initial: .normal(deviation: 0.02))
    positions = parameters.tensor(
      "position_embeddings", 1, 1 + grid * grid, hidden, initial: .normal(deviation: 0.02))
    projection = parameters.tensor("patch_embeddings.projection.weight", hidden, 3, patch, patch)
    bias = parameters.tensor("patch_embeddings.projection.bias", hidden, initial: .zeros)
  }

  /// Images `[batch, 3, height, width]` to tokens `[batch, 1 + patches, hidden]`, the class token first.
  func callAsFunction(_ images: Tensor) -> Tensor {
    let hidden = configuration.hidden, patch = configuration.patch, batch = images.shape[0]
    let rows = images.shape[2] / patch, columns = images.shape[3] / patch
    let table = positions.reshaped(1 + configuration.grid * configuration.grid, hidden)
    let places = patchPositions(table, rows: rows, columns: columns).reshaped(rows * columns * hidden)
    let patches = images.unfoldingPatches(patch)
      .linear(projection.reshaped(hidden, 3 * patch * patch), bias: bias)
      .reshaped(batch, rows * columns * hidden).addingToRows(places)
      .reshaped(batch, rows * columns, hidden)
    let first = classToken.reshaped(1, hidden) + table.slice(0..<1)
    return first.selectingRows(Array(repeating: 0, count: batch)).reshaped(batch, 1, hidden).joined(with: patches)
  }

  /// The position embeddings of a grid, `[rows, columns, hidden]`, interpolated where they were learnt for another.
  private func patchPositions(_ table: Tensor, rows: Int, columns: Int) -> Tensor {
    let grid = configuration.grid
    return table.slice(1..<1 + grid * grid).reshaped(grid, grid, configuration.hidden)
      .resized(axis: 0, to: rows, by: .bicubic)
      .resized(axis: 1, to: columns, by: .bicubic)
  }
}
