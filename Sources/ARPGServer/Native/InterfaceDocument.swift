import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The description of the native interface (OpenAPI 3.1): it is served, and tells which methods a path takes.
struct InterfaceDocument: Sendable {
  /// The document as JSON.
  let content: ByteBuffer
  /// The parts of each path, nil for a parameter, and its methods.
  private let paths: [(parts: [String?], methods: [String])]

  /// Reads the document.
  ///
  /// - Throws: where it is not beside the program.
  init() throws {
    let data = try Data(contentsOf: Resources.folder().appendingPathComponent("openapi.json"))
    content = ByteBuffer(bytes: data)
    let document = try JSONDecoder().decode(Document.self, from: data)
    paths = document.paths.map { path, item in (Self.parts(path), item.methods) }
  }

  private struct Document: Decodable {
    let paths: [String: Item]

    struct Item: Decodable {
      let methods: [String]

      init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        methods = keys.filter { ["get", "put", "post", "delete", "patch"].contains($0) }.map { $0.uppercased() }
          .sorted()
      }
    }
  }

  private static func parts(_ path: String) -> [String?] {
    path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
  }

  /// The methods that a path takes, between commas; nil where there is no such path.
  func methods(ofPath path: String) -> String? {
    let parts = path.split(separator: "/").map(String.init)
    return paths.first { known in
      known.parts.count == parts.count && zip(known.parts, parts).allSatisfy { $0 == nil || $0 == $1 }
    }?.methods.joined(separator: ", ")
  }
}
