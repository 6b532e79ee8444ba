import ARPG
import ARPGLayers
import ARPGTensor

/// A token in front of the codes for each of eight colours: a small network of the colour and its share, and for those that are not
/// there a token of their place, which also stands for no palette.
struct PaletteNetwork: Module {
  private let colour: MLP
  private let null: Tensor

  /// Takes `colour.fc1.*`, `colour.fc2.*` and `null`, `[8, dim]`, for a decoder of a width.
  init(_ dim: Int, _ parameters: ParameterReader) {
    colour = MLP(4, inner: dim, dim, bias: true, activation: .geluTanh, parameters.scoped("colour."))
    null = parameters.tensor("null", ColourPalette.maxColours, dim, initial: .normal(deviation: 0.02))
  }

  /// The tokens of no palette, `[1, 8, dim]`.
  var nullPrefix: Tensor { null.reshaped([1] + null.shape) }

  /// Palettes, each `[8, 4]` as ``ColourPalette/values``, to tokens `[batch, 8, dim]`. Differentiable.
  func callAsFunction(_ palettes: [Tensor]) -> Tensor {
    let rows = palettes.flatMap(\.values), count = palettes.count * ColourPalette.maxColours, dim = null.shape[1]
    let colours = colour(Tensor(shape: [count, 4], values: rows)).reshaped(1, count, dim)
    // Behind the colours of all palettes stand the rows of none.
    let table = colours.joined(with: nullPrefix).reshaped(count + ColourPalette.maxColours, dim)
    let chosen = (0..<count).map { row in
      rows[row * 4 + 3] > 0 ? row : count + row % ColourPalette.maxColours
    }
    return table.selectingRows(chosen).reshaped(palettes.count, ColourPalette.maxColours, dim)
  }
}
