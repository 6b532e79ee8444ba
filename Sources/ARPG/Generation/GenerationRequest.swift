/// Images as a user asks for them: all that decides them, beside the model.
public struct GenerationRequest: Sendable, Codable {
  /// What the images follow.
  public var controls: [ControlSpecification]
  /// How often each image is made that the controls describe.
  public var count: Int
  /// Of the random numbers.
  public var seed: UInt64
  /// How codes are drawn, over what the model suggests.
  public var settings: SamplingOverrides
  /// How images of controls, and their regions, are brought to the shape of the model's images.
  public var fit: ImageFit
  /// Codes that are given and kept, for each image; nil for none.
  public var known: KnownCodes?
  /// An image that is changed, in place of one that is made from nothing; nil for none.
  public var edit: Edit?

  /// A request; see the properties.
  public init(
    controls: [ControlSpecification] = [], count: Int = 1, seed: UInt64 = 0,
    settings: SamplingOverrides = SamplingOverrides(), fit: ImageFit = .crop, known: KnownCodes? = nil,
    edit: Edit? = nil
  ) {
    self.controls = controls
    self.count = count
    self.seed = seed
    self.settings = settings
    self.fit = fit
    self.known = known
    self.edit = edit
  }

  private enum CodingKeys: String, CodingKey { case controls, count, seed, settings, fit, known, edit }

  /// Reads a request; what is absent is as in a request for one image of nothing.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      controls: try container.decodeIfPresent([ControlSpecification].self, forKey: .controls) ?? [],
      count: try container.decodeIfPresent(Int.self, forKey: .count) ?? 1,
      seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0,
      settings: try container.decodeIfPresent(SamplingOverrides.self, forKey: .settings) ?? SamplingOverrides(),
      fit: try container.decodeIfPresent(ImageFit.self, forKey: .fit) ?? .crop,
      known: try container.decodeIfPresent(KnownCodes.self, forKey: .known),
      edit: try container.decodeIfPresent(Edit.self, forKey: .edit))
  }
}
