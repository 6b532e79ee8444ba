import ARPG
import ARPGImageFiles

/// Images as a client asks for them.
public struct ServiceRequest: Sendable {
  /// The model's name; nil for the first one.
  public var model: String?
  /// What the images follow, with what images tell of it.
  public var controls: [GenerationRecord.Control] = []
  /// How often each image is made that the controls describe.
  public var count = 1
  /// Of the random numbers.
  public var seed: UInt64 = 0
  /// The number of the first image: random numbers belong to seed and number.
  public var number = 0
  /// The size in pixels; nil for the model's.
  public var size: ImageSize?
  /// How codes are drawn, over what the model suggests.
  public var settings = SamplingOverrides()
  /// How images of controls, and their regions, are brought to the shape of the model's images.
  public var fit = ImageFit.crop
  /// An image that is changed; nil for images made from nothing.
  public var edit: Edit?
  /// What images tell of the edit.
  public var editRecord: JSONValue?

  /// A request for one image of nothing.
  public init() {}

  /// How many pixels its images have, which wait in memory until it is served.
  var pixels: Int {
    func pixels(_ image: Image?) -> Int { image.map { $0.width * $0.height } ?? 0 }
    func pixels(_ input: ControlInput) -> Int {
      switch input {
      case .image(let image): pixels(image)
      case .text(let text): text.utf8.count / 3
      case .tensor(let tensor): tensor.count
      case .file(let bytes): bytes.count / 3
      }
    }
    let controls = controls.map(\.specification).map { control in
      control.inputs.values.map(pixels).reduce(pixels(control.input) + pixels(control.region), +)
    }
    return controls.reduce(pixels(edit?.image) + pixels(edit?.mask), +)
  }
}

/// What a service allows a request.
public struct ServiceLimits: Sendable {
  /// The most images of one request.
  public var count = 64
  /// The most images that wait.
  public var queue = 64
  /// The most pixels of images that wait with their requests: each takes 3 bytes and more.
  public var queuePixels = 200_000_000
  /// The most bytes of results that are kept; the oldest are forgotten first.
  public var resultBytes = 1 << 29
  /// The most controls of one request.
  public var controls = 8
  /// The most images that are decoded together.
  public var batch = 8
  /// The most steps of one image; nil for what the sampler allows.
  public var steps = 1024
  /// What an image of a request may ask for.
  public var image = ImageLimits(side: 8192, pixels: 16_000_000, bytes: 32 << 20)
  /// The most bytes of a request's body.
  public var body = 64 << 20

  /// Limits that suit a small machine.
  public init() {}
}
