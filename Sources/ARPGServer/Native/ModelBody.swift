import ARPG
import ARPGService

/// A model as the native interface tells it.
struct ModelBody: Encodable {
  let name, title: String
  let isDefault, isLoaded: Bool
  let summary, trainingData, limits: String?
  let architecture: String
  let width, height: Int
  let classNames: [String]
  let sampling: SamplingSettings
  let samplingWithoutControls: SamplingOverrides
  let schedules, orders: [String]

  private enum CodingKeys: String, CodingKey {
    case name, title
    case isDefault = "default"
    case isLoaded = "loaded"
    case summary
    case trainingData = "training_data"
    case limits, architecture, width, height
    case classNames = "class_names"
    case sampling
    case samplingWithoutControls = "sampling_without_controls"
    case schedules, orders
  }

  init(_ model: ServedModel, isDefault: Bool) {
    let description = model.folder.description, decoder = description.decoder
    name = model.name
    title = description.name
    self.isDefault = isDefault
    isLoaded = model.isLoaded
    summary = description.summary
    trainingData = description.trainingData
    limits = description.limits
    architecture = decoder?.family.architecture ?? ""
    (width, height) = (description.imageSize, description.imageSize)
    classNames = description.classNames
    sampling = description.sampling
    samplingWithoutControls = description.samplingWithoutControls
    schedules = decoder?.family.schedules.map(\.name.rawValue) ?? []
    orders = decoder?.layout.order == .raster ? ["raster"] : DecodingOrder.names
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(title, forKey: .title)
    try container.encode(isDefault, forKey: .isDefault)
    try container.encode(isLoaded, forKey: .isLoaded)
    try container.encode(summary, forKey: .summary)
    try container.encode(trainingData, forKey: .trainingData)
    try container.encode(limits, forKey: .limits)
    try container.encode(architecture, forKey: .architecture)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(sampling, forKey: .sampling)
    try container.encode(samplingWithoutControls, forKey: .samplingWithoutControls)
    try container.encode(schedules, forKey: .schedules)
    try container.encode(orders, forKey: .orders)
  }
}
