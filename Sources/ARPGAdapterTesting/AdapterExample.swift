import ARPG
import ARPGTensor

/// What an adapter is checked with, where the defaults do not suit it: inputs, settings, sizes.
public struct AdapterExample: Sendable {
  /// At least two inputs that the adapter takes, with different conditions. Empty for those of the kit: drawings for images,
  /// class names for texts. There are none for tensors and files.
  public let inputs: [ControlInput]
  /// Further inputs, by the names of options: those at least that must be given.
  public let furtherInputs: [String: ControlInput]
  /// The settings of a new adapter; nil for its defaults.
  public let settings: JSONValue?
  /// Settings and weights of an adapter that has weights and cannot be trained; nil where it has none, or can.
  public let weights: AdapterWeights?
  /// Settings and weights of the preprocessor; nil where it has none.
  public let preprocessorWeights: AdapterWeights?
  /// The names of the model's classes, four at most.
  public let classNames: [String]
  /// The side of the model's images in pixels, a multiple of 8; a code stands for 8 x 8 of them.
  public let imageSize: Int
  /// The decoder to check with, whose grid is that of ``imageSize``; nil for a small one of two passes, with random weights.
  public let decoder: (any ImageDecoder)?

  /// An example; see the properties. Traps where `imageSize` is no multiple of 8 from 16 to 512, there are more than four
  /// class names, or the decoder has another grid.
  public init(
    inputs: [ControlInput] = [], furtherInputs: [String: ControlInput] = [:], settings: JSONValue? = nil,
    weights: AdapterWeights? = nil,
    preprocessorWeights: AdapterWeights? = nil, classNames: [String] = ["mug", "house", "tree"], imageSize: Int = 32,
    decoder: (any ImageDecoder)? = nil
  ) {
    precondition(
      16...512 ~= imageSize && imageSize.isMultiple(of: 8),
      "an image size of \(imageSize), no multiple of 8 from 16 to 512")
    precondition(
      classNames.count <= SmallModel.classes, "\(classNames.count) class names, at most \(SmallModel.classes)")
    if let layout = decoder?.layout {
      precondition(
        layout.rows == imageSize / 8 && layout.columns == imageSize / 8,
        "a decoder of \(layout.rows) x \(layout.columns) codes for images of \(imageSize) pixels, 8 a code")
    }
    self.inputs = inputs
    self.furtherInputs = furtherInputs
    self.settings = settings
    self.weights = weights
    self.preprocessorWeights = preprocessorWeights
    self.classNames = classNames
    self.imageSize = imageSize
    self.decoder = decoder
  }
}
