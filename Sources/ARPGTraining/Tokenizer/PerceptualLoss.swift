import ARPG
import ARPGLayers
import ARPGTensor

/// How different two images look to a network that was trained to recognise things: the distance between its features at
/// five depths, each of unit length at every place.
///
/// The network is a VGG-16 with the tensor names of torchvision, `features.{i}.weight` and `.bias`; any widths will do.
/// Where the file also holds LPIPS's weights of channels, `lin{i}.model.1.weight`, they are taken into account.
///
/// Source: Zhang et al., arXiv 1801.03924, section 3; Simonyan and Zisserman, arXiv 1409.1556.
package struct PerceptualLoss: Sendable {
  private let network: FeatureNetwork
  private let channelWeights: [Tensor?]

  /// What LPIPS takes from the channels of an image in -1 ... 1, and what it divides them by.
  private static let shift: [Float] = [-0.030, -0.088, -0.188]
  private static let scale: [Float] = [0.458, 0.448, 0.450]

  /// Reads the network.
  ///
  /// - Throws: ``/ARPG/ParameterError`` where tensors are missing or do not follow each other.
  package init(_ source: any ParameterSource) throws {
    let widths = FeatureNetwork.stages.map { stage in
      stage.map { source.shape(of: "features.\($0).weight")?.first ?? 64 }
    }
    network = try FeatureNetwork.load(widths, from: source)
    channelWeights = try widths.enumerated().map { index, stage in
      let name = "lin\(index).model.1.weight", width = stage[stage.count - 1]
      guard source.shape(of: name) != nil else { return nil }
      try ParameterError.check(
        source, against: [ParameterSpecification(name: name, shape: [1, width, 1, 1])], ignoring: { $0 != name })
      // Distances are squared.
      return Tensor(shape: [width], values: try source.tensor(named: name).values.map { max(0, $0).squareRoot() })
    }
  }

  /// The distance, averaged over the batch: `[batch, 3, height, width]` in -1 ... 1 twice, both sides at least 16, to a
  /// scalar. Differentiable with respect to `images`.
  package func callAsFunction(_ images: Tensor, target: Tensor) -> Tensor {
    let found = features(of: images), expected = features(of: target.detached())
    let distances = zip(found, expected).map { $0.meanSquaredDistance(to: $1) }
    return distances.dropFirst().reduce(distances[0]) { $0 + $1 }
  }

  /// The features after each stage, `[batch, places, channels]`, of unit length at each place.
  private func features(of images: Tensor) -> [Tensor] {
    let factors = Tensor(
      shape: [3, 3, 1, 1], values: (0..<9).map { $0 % 4 == 0 ? 1 / Self.scale[$0 / 4] : 0 })
    let shifts = Tensor(shape: [3], values: zip(Self.shift, Self.scale).map { -$0 / $1 })
    return zip(network(images.conv2d(factors, bias: shifts)), channelWeights).map { x, weights in
      let rows = x.reshaped(x.shape[0], x.shape[1], x.shape[2] * x.shape[3]).transposed().normalizedRows()
      return weights.map { rows.multiplyingRows($0) } ?? rows
    }
  }
}

/// The convolutions of a VGG-16, with the names of torchvision.
private struct FeatureNetwork: Module {
  /// The convolutions of each stage by their place among torchvision's layers; a pooling stands before all but the first.
  static let stages = [[0, 2], [5, 7], [10, 12, 14], [17, 19, 21], [24, 26, 28]]

  private let stages: [[Convolution]]

  /// - Parameter widths: the channels of each convolution.
  init(_ widths: [[Int]], _ parameters: ParameterReader) {
    var inputs = 3
    stages = zip(Self.stages, widths).map { layers, widths in
      zip(layers, widths).map { layer, outputs in
        defer { inputs = outputs }
        return Convolution(inputs, outputs, kernel: 3, parameters.scoped("features.\(layer)."))
      }
    }
  }

  /// A classifier may stand beside the features, and LPIPS's weights.
  static func ignores(_ name: String) -> Bool { true }

  /// What each stage gives.
  func callAsFunction(_ images: Tensor) -> [Tensor] {
    var x = images
    return stages.enumerated().map { index, stage in
      if index > 0 { x = x.maxPooled() }
      for layer in stage { x = layer(x).relu() }
      return x
    }
  }
}
