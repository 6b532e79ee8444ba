import ARPG
import ARPGImages
import ARPGService

/// The units of ControlNet among the arguments of scripts; those of other scripts are not read.
struct ControlNetScripts: Decodable {
  let units: [ControlNetUnit]

  private struct Arguments: Decodable {
    let args: [ControlNetUnit]?
  }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    let keys = container.allKeys.filter { $0.stringValue.lowercased() == "controlnet" }
    units = try keys.compactMap { try container.decodeIfPresent(Arguments.self, forKey: $0)?.args }.flatMap(\.self)
  }
}

/// A unit of the WebUI's ControlNet.
///
/// Taken: `image` or `input_image` (base64, or an object with `image` and `mask`), `mask` (where it acts; black everywhere is none),
/// `model` and `module` (see ``ControlNetName``), `weight`, `guidance_start`, `guidance_end`, `resize_mode`, `threshold_a`,
/// `threshold_b` and `enabled`. Ignored: `processor_res`, `pixel_perfect`, `control_mode`, `low_vram`, `hr_option`.
struct ControlNetUnit: Decodable {
  var isEnabled = false
  private var image, mask: Payload?
  private var model, module: String?
  private var weight: Float = 1
  private var from = 0.0, to = 1.0
  private var thresholds: [Double?] = []
  /// How images are brought to the size; nil where the unit does not say.
  private(set) var fit: ImageFit?

  /// How images are brought to a size, as a number or in words.
  struct ResizeMode: Decodable {
    let fit: ImageFit

    init(from decoder: any Swift.Decoder) throws {
      let container = try decoder.singleValueContainer()
      let word = try (try? container.decode(Int.self)).map(String.init) ?? container.decode(String.self)
      guard let fit = Self.fit(word) else {
        throw ServiceError(
          .unprocessable,
          "resize_mode is '\(word.prefix(32))'; it takes 0 (Just Resize), 1 (Crop and Resize) or 2 (Resize and Fill)")
      }
      self.fit = fit
    }

    /// The third number is a resize of the latent image.
    static func fit(_ word: String) -> ImageFit? {
      switch word.lowercased() {
      case "0", "3", "just resize", "resize", "scale to fit (inner fit)": .stretch
      case "1", "crop and resize", "inner fit (scale to fit)": .crop
      case "2", "resize and fill", "outer fit (shrink to fit)", "envelope (outer fit)": .pad
      default: nil
      }
    }
  }

  private struct Picture: Decodable {
    let image: Payload?
    let mask: Payload?

    private enum CodingKeys: String, CodingKey { case image, mask }

    init(from decoder: any Swift.Decoder) throws {
      guard let container = try? decoder.container(keyedBy: CodingKeys.self) else {
        let text = try decoder.singleValueContainer().decode(String.self)
        (image, mask) = (text.isEmpty ? nil : Payload(text), nil)
        return
      }
      image = try container.decodeIfPresent(Picture.self, forKey: .image)?.image
      mask = try container.decodeIfPresent(Picture.self, forKey: .mask)?.image
    }
  }

  private enum CodingKeys: String, CodingKey {
    case image, mask, model, module, weight, enabled
    case inputImage = "input_image"
    case from = "guidance_start"
    case to = "guidance_end"
    case thresholdA = "threshold_a"
    case thresholdB = "threshold_b"
    case resizeMode = "resize_mode"
  }

  init(from decoder: any Swift.Decoder) throws {
    // Arguments that are no units switch the script on or off.
    guard let container = try? decoder.container(keyedBy: CodingKeys.self) else { return }
    isEnabled = try container.decodeIfPresent(Bool.self, forKey: .enabled) ?? true
    let picture =
      try container.decodeIfPresent(Picture.self, forKey: .image)
      ?? container.decodeIfPresent(Picture.self, forKey: .inputImage)
    image = picture?.image
    mask = try container.decodeIfPresent(Picture.self, forKey: .mask)?.image ?? picture?.mask
    model = try container.decodeIfPresent(String.self, forKey: .model)
    module = try container.decodeIfPresent(String.self, forKey: .module)
    weight = try container.decodeIfPresent(Float.self, forKey: .weight) ?? 1
    from = try container.decodeIfPresent(Double.self, forKey: .from) ?? 0
    to = try container.decodeIfPresent(Double.self, forKey: .to) ?? 1
    thresholds = try [
      container.decodeIfPresent(Double.self, forKey: .thresholdA),
      container.decodeIfPresent(Double.self, forKey: .thresholdB),
    ]
    fit = try container.decodeIfPresent(ResizeMode.self, forKey: .resizeMode)?.fit
  }

  /// The control, with what images tell of it.
  ///
  /// - Parameters:
  ///   - place: what errors call it.
  ///   - otherwise: the image where the unit has none.
  /// - Throws: ``/ARPGService/ServiceError`` and what reading images throws.
  func read(
    _ place: String, _ reader: InputReader, _ model: ServedModel, otherwise: Payload?
  ) throws -> GenerationRecord.Control {
    let adapter = try ControlNetName.adapter(model: self.model, module: module, among: model.imageAdapters)
    guard let image = image ?? otherwise else {
      throw ServiceError(.unprocessable, "\(place) has no image; give one, or set enabled to false")
    }
    guard -100...100 ~= weight else {
      throw ServiceError(.unprocessable, "\(place).weight is \(weight); it takes -100 to 100")
    }
    guard 0...1 ~= from, 0...1 ~= to, from <= to else {
      throw ServiceError(
        .unprocessable,
        "\(place): guidance_start is \(from) and guidance_end is \(to); expected 0 to 1, the start before the end")
    }
    var control = ControlBody(adapter: adapter.name, InputBody(image: image))
    control.options = ControlNetName.options(of: adapter, thresholds: thresholds)
    (control.strength, control.from, control.to, control.region) = (weight, from, to, mask)
    var read = try control.read(place, reader)
    // Programs send a canvas that nobody painted on.
    if let region = read.specification.region, region.pixels.allSatisfy({ $0 == 0 }) {
      (read.specification.region, read.region, read.regionFingerprint) = (nil, nil, nil)
    }
    return read
  }
}
