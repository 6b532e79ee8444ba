import ARPG
import ARPGService
import Foundation

/// A model as OpenAI tells it.
struct OpenAIModel: Encodable {
  let id: String
  let object = "model"
  let created: Int
  let owner = "local"

  private enum CodingKeys: String, CodingKey {
    case id, object, created
    case owner = "owned_by"
  }

  init(_ model: ServedModel) {
    id = model.name
    let path = model.folder.path(of: ModelFolder.descriptionName)
    let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    created = Int(date?.timeIntervalSince1970 ?? 0)
  }
}

/// The list of models.
struct OpenAIModels: Encodable {
  let object = "list"
  let data: [OpenAIModel]
}

/// What an image cost: codes that were decoded. Prompts cost nothing.
struct OpenAIUsage: Encodable {
  private struct Details: Encodable {
    var imageTokens = 0
    let textTokens = 0

    private enum CodingKeys: String, CodingKey {
      case imageTokens = "image_tokens"
      case textTokens = "text_tokens"
    }
  }

  private let inputTokens = 0
  private let inputDetails = Details()
  private let outputTokens, totalTokens: Int
  private let outputDetails: Details

  private enum CodingKeys: String, CodingKey {
    case inputTokens = "input_tokens"
    case inputDetails = "input_tokens_details"
    case outputTokens = "output_tokens"
    case totalTokens = "total_tokens"
    case outputDetails = "output_tokens_details"
  }

  init(codes: Int) {
    (outputTokens, totalTokens) = (codes, codes)
    outputDetails = Details(imageTokens: codes)
  }
}

/// The images of a request.
struct OpenAIImages: Encodable {
  struct Image: Encodable {
    var data: Data?
    var url: String?

    private enum CodingKeys: String, CodingKey {
      case data = "b64_json"
      case url
    }
  }

  let created = Int(Date().timeIntervalSince1970)
  let background = "opaque"
  let data: [Image]
  let format: String
  let size: String?
  let usage: OpenAIUsage

  private enum CodingKeys: String, CodingKey {
    case created, background, data, size, usage
    case format = "output_format"
  }
}

/// An event of a stream: an image so far, or one that is finished.
struct OpenAIEvent: Encodable {
  let type: String
  let data: Data
  let background = "opaque"
  let created = Int(Date().timeIntervalSince1970)
  let format: String
  let quality = "auto"
  let size: String
  /// Counted from 0; nil for a finished image.
  var partialIndex: Int?
  /// Nil for an image so far.
  var usage: OpenAIUsage?

  private enum CodingKeys: String, CodingKey {
    case type, background, quality, size, usage
    case data = "b64_json"
    case created = "created_at"
    case format = "output_format"
    case partialIndex = "partial_image_index"
  }
}
