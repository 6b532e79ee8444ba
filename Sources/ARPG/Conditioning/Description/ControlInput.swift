import ARPGTensor
import Foundation

/// What a user gives an adapter.
public enum ControlInput: Sendable {
  /// An image.
  case image(Image)
  /// A text.
  case text(String)
  /// Numbers in a shape: the features of a text, for example.
  case tensor(Tensor)
  /// The bytes of a file.
  case file(Data)
}

/// One key for each kind: `{"text": "cat"}`.
extension ControlInput: Codable {
  private enum CodingKeys: String, CodingKey { case image, text, tensor, file }

  /// Reads the first of `image`, `text`, `file` (in base 64) and `tensor` that is there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let image = try container.decodeIfPresent(Image.self, forKey: .image) {
      self = .image(image)
    } else if let text = try container.decodeIfPresent(String.self, forKey: .text) {
      self = .text(text)
    } else if let bytes = try container.decodeIfPresent(Data.self, forKey: .file) {
      self = .file(bytes)
    } else {
      self = .tensor(try container.decode(Tensor.self, forKey: .tensor))
    }
  }

  /// Writes the input.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .image(let image): try container.encode(image, forKey: .image)
    case .text(let text): try container.encode(text, forKey: .text)
    case .tensor(let tensor): try container.encode(tensor, forKey: .tensor)
    case .file(let bytes): try container.encode(bytes, forKey: .file)
    }
  }
}

/// What an adapter is handed: an input whose image lies on the canvas of the request.
public enum AdapterInput: Sendable {
  /// An image: use ``/ARPGImages/FittedImage/image``, or bring planes of the source onto the canvas.
  case image(FittedImage)
  /// A text.
  case text(String)
  /// Numbers in a shape.
  case tensor(Tensor)
  /// The bytes of a file.
  case file(Data)

  /// An input on a canvas.
  ///
  /// - Parameters:
  ///   - input: what a user gives.
  ///   - size: of the canvas in pixels; nil for the image's own.
  ///   - fit: how an image is brought there.
  public init(_ input: ControlInput, size: ImageSize?, fit: ImageFit = .crop) {
    switch input {
    case .image(let image): self = .image(FittedImage(image, to: size, fit: fit))
    case .text(let text): self = .text(text)
    case .tensor(let tensor): self = .tensor(tensor)
    case .file(let bytes): self = .file(bytes)
    }
  }

  /// Which kind it is.
  public var kind: AdapterDescriptor.Input {
    switch self {
    case .image: .image
    case .text: .text
    case .tensor: .tensor
    case .file: .file
    }
  }
}

extension AdapterDescriptor.Input {
  /// What it is called in sentences.
  public var phrase: String {
    switch self {
    case .image: "an image"
    case .text: "a text"
    case .tensor: "numbers in a .npy or safetensors file"
    case .file: "a file"
    }
  }
}

/// What an adapter's preprocessing is done for.
public struct PreprocessingContext: Sendable {
  /// The size of the model's images in pixels; nil where a preview is made without a model.
  public let imageSize: ImageSize?
  /// The names of the model's classes, in class order; empty where there is no model.
  public let classNames: [String]

  /// A context; see the properties.
  public init(imageSize: ImageSize?, classNames: [String] = []) {
    self.imageSize = imageSize
    self.classNames = classNames
  }
}
