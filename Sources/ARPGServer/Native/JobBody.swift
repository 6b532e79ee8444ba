import ARPG
import ARPGService
import Foundation

/// A job as the native interface tells it.
struct JobBody: Encodable {
  let id: String
  let state: JobStatus.State
  let model: String
  let created: Date
  let position: Int
  let progress: Double
  let count: Int
  let seed: UInt64
  let notes: [String]
  let seconds: Double?
  let error: Problem?
  let expires: Date?
  let images: [ImageBody]

  private enum CodingKeys: String, CodingKey {
    case id, state, model, created, position, progress, count, seed, notes, seconds, error, expires, images
  }

  /// - Parameter data: gives the bytes of an image where they are sent within; nil for none.
  init(_ job: Job, _ status: JobStatus, expires: Date?, data: ((JobImage) throws -> Data)? = nil) rethrows {
    id = job.id
    state = status.state
    model = job.model.name
    created = job.created
    position = status.position
    progress = status.progress
    count = status.count
    seed = job.request.seed
    notes = status.notes
    seconds = status.seconds.map { ($0 * 1000).rounded() / 1000 }
    error = status.error.map(Problem.init)
    self.expires = expires
    images = try status.images.sorted { $0.index < $1.index }
      .map { ImageBody($0, job: job.id, data: try data?($0)) }
  }

  /// All fields, those that are empty as null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(state, forKey: .state)
    try container.encode(model, forKey: .model)
    try container.encode(created, forKey: .created)
    try container.encode(position, forKey: .position)
    try container.encode(progress, forKey: .progress)
    try container.encode(count, forKey: .count)
    try container.encode(seed, forKey: .seed)
    try container.encode(notes, forKey: .notes)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(error, forKey: .error)
    try container.encode(expires, forKey: .expires)
    try container.encode(images, forKey: .images)
  }
}

/// An image of a job as the native interface tells it.
struct ImageBody: Encodable {
  let index: Int
  let url: String
  let width, height: Int
  let seed: UInt64
  let number: Int
  let parameters: JSONValue
  let data: Data?

  init(_ image: JobImage, job: String, data: Data? = nil) {
    index = image.index
    url = "/api/v1/generations/\(job)/images/\(image.index)"
    (width, height) = (image.size.width, image.size.height)
    seed = image.seed
    number = image.number
    parameters = image.parameters
    self.data = data
  }
}

extension Problem {
  /// What a job says of why it failed.
  init(_ error: ServiceError) {
    let status = error.kind.status
    self.init(title: status.reasonPhrase, status: status.code, detail: error.description, requestID: nil)
  }
}
