import ARPGTensor

/// An input as the encoder sees it.
public struct PreparedControl: Sendable {
  private enum Content: Sendable {
    case values(Tensor)
    /// One channel of a control image, 0 ... 1: a third of the memory of its values.
    case plane(Plane)
  }

  private let content: Content
  /// The same as an image, where it can be shown.
  public let image: Image?
  /// What the user should know of how the input was read: "read as a sketch".
  public let note: String?
  /// How much the control says at each place, 0 or more, in any size: an order by edges begins where it is largest. Nil takes it
  /// from how much ``image`` changes from pixel to pixel.
  public let detail: Plane?
  /// What training alone looks at, by names of lower-case letters, digits and hyphens: stored beside the control, and there
  /// again when ``TrainableAdapter/augment(_:using:)`` is called.
  public var trainingImages: [String: Image]

  /// A prepared input; see the properties.
  public init(
    values: Tensor, image: Image? = nil, note: String? = nil, detail: Plane? = nil,
    trainingImages: [String: Image] = [:]
  ) {
    content = .values(values)
    self.image = image
    self.note = note
    self.detail = detail
    self.trainingImages = trainingImages
  }

  /// A control image of one channel, 0 ... 1 moved to -1 ... 1, three times the same.
  public init(
    controlImage plane: Plane, note: String? = nil, detail: Plane? = nil, trainingImages: [String: Image] = [:]
  ) {
    content = .plane(plane)
    image = plane.image
    self.note = note
    self.detail = detail
    self.trainingImages = trainingImages
  }

  /// A control image of three channels, black being -1 and white 1.
  public init(
    controlImage image: Image, note: String? = nil, detail: Plane? = nil, trainingImages: [String: Image] = [:]
  ) {
    self.init(values: image.tensor, image: image, note: note, detail: detail, trainingImages: trainingImages)
  }

  /// The values, in a layout of the adapter's own choice; a control image is `[3, height, width]` in -1 ... 1.
  public var values: Tensor {
    switch content {
    case .values(let values): values
    case .plane(let plane): plane.controlTensor
    }
  }

  /// The first channel of a control image, -1 ... 1 moved to 0 ... 1.
  public var controlPlane: Plane {
    if case .plane(let plane) = content { return plane }
    let height = values.shape[1], width = values.shape[2]
    return Plane(width: width, height: height, values: values.values.prefix(width * height).map { ($0 + 1) / 2 })
  }
}
