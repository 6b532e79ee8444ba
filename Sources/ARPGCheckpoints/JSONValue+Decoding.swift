import Foundation

extension JSONValue {
  /// What a value writes as JSON.
  ///
  /// - Throws: where it holds numbers that JSON has not, such as infinity.
  public init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  /// The value as any type that reads itself from JSON.
  ///
  /// - Throws: ``ConfigurationError/malformed(_:)`` where a field is missing or of another kind, and what the type's own
  ///   checks throw.
  public func decode<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
    } catch let error as DecodingError {
      throw ConfigurationError.malformed(error.summary)
    }
  }
}
