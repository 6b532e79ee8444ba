import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPFields {
  /// Sets a field that has no name of its own in HTTPTypes.
  mutating func set(_ name: String, _ value: String) {
    if let name = HTTPField.Name(name) { self[name] = value }
  }
}

extension Response {
  /// A value as JSON.
  static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json"
  ) -> Response {
    var response = bytes(encoded(value), type: type)
    response.status = status
    return response
  }

  /// Bytes of a type.
  static func bytes(_ data: Data, type: String) -> Response {
    Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// Server-sent events: texts that are ready to be sent, with a comment now and then so that nobody takes the connection for dead.
  static func events(_ events: @escaping @Sendable (AsyncStream<String>.Continuation) async -> Void) -> Response {
    let body = ResponseBody { writer in
      let (stream, continuation) = AsyncStream<String>.makeStream()
      let work = Task {
        await events(continuation)
        continuation.finish()
      }
      let beat = Task {
        while true {
          try await Task.sleep(for: .seconds(15))
          continuation.yield(": still here\n\n")
        }
      }
      defer {
        work.cancel()
        beat.cancel()
      }
      for await text in stream { try await writer.write(ByteBuffer(string: text)) }
      try await writer.finish(nil)
    }
    var response = Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    // Proxies that collect responses would hold back the events.
    response.headers.set("X-Accel-Buffering", "no")
    return response
  }
}

/// A value as JSON in one line.
private func encoded(_ value: some Encodable) -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.dateEncodingStrategy = .iso8601
  // What is encoded here has finite numbers and texts alone, which JSON can say.
  return (try? encoder.encode(value)) ?? Data("null".utf8)
}

/// An event of a stream: its name and a value as JSON.
func serverSentEvent(_ name: String?, _ value: some Encodable) -> String {
  (name.map { "event: \($0)\n" } ?? "") + "data: \(String(decoding: encoded(value), as: UTF8.self))\n\n"
}
