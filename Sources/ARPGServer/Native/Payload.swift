import ARPG
import ARPGService

/// The content of a file within JSON: base64, a data URL, or `@NAME` for a part of a multipart body.
struct Payload: Decodable {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  init(from decoder: any Swift.Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  /// The bytes.
  ///
  /// - Parameters:
  ///   - field: what errors call it.
  ///   - parts: of the body.
  func upload(_ field: String, _ parts: Multipart?) throws(ServiceError) -> Upload {
    guard text.hasPrefix("@") else { return try Upload(base64: text, named: field) }
    let name = String(text.dropFirst())
    guard let part = parts?[name] else {
      throw ServiceError(.unprocessable, "\(field) is '@\(name.prefix(64))', and the body has no part of that name")
    }
    return Upload(Array(part.content), named: part.file ?? name)
  }
}

/// A text, a number or a boolean: the value of an option.
struct OptionText: Decodable {
  let text: String

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      text = value ? "on" : "off"
    } else if let value = try? container.decode(Int.self) {
      text = String(value)
    } else if let value = try? container.decode(Double.self) {
      text = String(value)
    } else {
      text = try container.decode(String.self)
    }
  }
}
