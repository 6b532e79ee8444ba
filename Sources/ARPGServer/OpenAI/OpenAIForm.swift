import ARPG
import ARPGService
import Foundation

/// The texts of a multipart body as the JSON that the same request has elsewhere: `settings[steps]` is the field `steps` of
/// `settings`.
enum OpenAIForm {
  /// The fields that are no texts.
  private static let values: Set = [
    "n", "stream", "partial_images", "output_compression", "seed", "number", "keep", "controls", "settings",
  ]

  /// - Throws: ``/ARPGService/ServiceError`` for a value that is no JSON where one is expected.
  static func json(_ parts: Multipart) throws(ServiceError) -> Data {
    var fields: [String: String] = [:], nested: [String: [String: String]] = [:]
    for part in parts.parts where part.file == nil {
      let name = part.name
      if let pair = name.wholeMatch(of: /([a-z_]+)\[([a-z_]+)\]/) {
        nested[String(pair.1), default: [:]][String(pair.2)] = json(part.text) ?? text(part.text)
      } else if values.contains(name) {
        guard let value = json(part.text) else {
          throw ServiceError(.unprocessable, "\(name) is '\(part.text.prefix(32))'; it takes a number, or JSON")
        }
        fields[name] = value
      } else {
        fields[name] = text(part.text)
      }
    }
    for (name, values) in nested { fields[name] = object(values) }
    return Data(object(fields).utf8)
  }

  /// A text that is JSON already; kept as it is, since no digit of a number may be lost.
  private static func json(_ text: String) -> String? {
    (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) == nil ? nil : text
  }

  private static func text(_ text: String) -> String {
    // A text can always be written.
    (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  private static func object(_ fields: [String: String]) -> String {
    "{\(fields.map { "\(text($0.key)):\($0.value)" }.joined(separator: ","))}"
  }
}
