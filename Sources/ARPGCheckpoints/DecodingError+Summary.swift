extension DecodingError {
  /// Which key is wrong, and how, in a line.
  package var summary: String {
    func name(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
    switch self {
    case .keyNotFound(let key, let context): return "\(name(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context): return "\(name(context.codingPath)) is null, expected a value"
    case .typeMismatch(let type, let context): return "\(name(context.codingPath)) is not of the type \(type)"
    case .dataCorrupted(let context):
      let place = context.codingPath.isEmpty ? "it is not JSON" : name(context.codingPath)
      return "\(place): \(context.debugDescription)"
    @unknown default: return "\(self)"
    }
  }
}
