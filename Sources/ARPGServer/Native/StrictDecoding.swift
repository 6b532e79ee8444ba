import ARPGService
import Foundation

/// Any key of an object.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) {
    self.stringValue = stringValue
  }

  init?(intValue: Int) { nil }
}

extension Decoder {
  /// Refuses keys of an object that nobody reads, which are slips most of the time.
  ///
  /// - Throws: ``ServiceError/Kind/unprocessable`` with the keys that there are.
  func refuseKeys(beside known: [String]) throws {
    let container = try container(keyedBy: AnyKey.self)
    guard let key = container.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) else { return }
    let place = codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    throw ServiceError(
      .unprocessable,
      "\(place.isEmpty ? "the request" : place) has no field '\(key.prefix(64))'; it takes \(known.joined(separator: ", "))"
    )
  }
}

/// Reads JSON that a client sent.
///
/// - Throws: ``ServiceError``, which names the field.
func readJSON<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
  do {
    return try JSONDecoder().decode(type, from: data)
  } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty && isJSON(data) {
    // All that the decoder tells of a number that does not fit.
    throw ServiceError(
      .unprocessable,
      "a number of the body does not fit its field; count, seed, number, grow, steps, guided_tokens and top_k take whole ones"
    )
  } catch let error as DecodingError {
    throw ServiceError(error)
  } catch let error as ServiceError {
    throw error
  } catch {
    throw ServiceError(.unprocessable, "\(error)")
  }
}

private func isJSON(_ data: Data) -> Bool {
  (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
}

extension ServiceError {
  /// JSON that is broken is malformed, and JSON that does not fit what a request is cannot be processed.
  init(_ error: DecodingError) {
    func place(_ context: DecodingError.Context, _ last: String? = nil) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue } + [last].compactMap { $0 }
      return keys.isEmpty ? "the body" : keys.joined(separator: ".").replacing(".[", with: "[")
    }
    switch error {
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      self.init(.malformed, "the body is not JSON; send an object, with Content-Type: application/json")
    case .dataCorrupted(let context): self.init(.unprocessable, "\(place(context)): \(context.debugDescription)")
    case .keyNotFound(let key, let context):
      self.init(.unprocessable, "\(place(context, key.stringValue)) is missing")
    case .typeMismatch(let type, let context):
      self.init(.unprocessable, "\(place(context)) is of another type; expected \(Self.name(of: type))")
    case .valueNotFound(let type, let context):
      self.init(.unprocessable, "\(place(context)) is null; expected \(Self.name(of: type))")
    @unknown default: self.init(.malformed, "the body cannot be read")
    }
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Float.Type, is Double.Type: "a number"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}
