import ARPGService
import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// Receives the bodies of requests: each within a size and a time, and all of them together within a size.
final class BodyReader: Sendable {
  private let limit: Int
  private let seconds: Double
  private let total: Int
  private let received = Mutex(0)

  /// - Parameters:
  ///   - limit: the most bytes of one body.
  ///   - seconds: how long a body may take.
  ///   - total: the most bytes of all bodies that are being received.
  init(limit: Int, seconds: Double, total: Int) {
    self.limit = limit
    self.seconds = seconds
    self.total = total
  }

  /// The body of a request.
  ///
  /// - Throws: ``ServiceError`` where it is too large, too slow, or too much is being received.
  func read(_ request: Request) async throws -> ByteBuffer {
    if let text = request.headers[.contentLength], let length = Int(text), length > limit { throw tooLarge(length) }
    return try await withThrowingTaskGroup(of: ByteBuffer.self) { [self] group in
      group.addTask { try await self.collect(request.body) }
      group.addTask {
        try await Task.sleep(for: .seconds(self.seconds))
        throw ServiceError(.timedOut, "the body did not arrive within \(Int(self.seconds)) s; send it faster")
      }
      defer { group.cancelAll() }
      guard let body = try await group.next() else { throw CancellationError() }
      return body
    }
  }

  /// The JSON of a body, and of `multipart/form-data` also its parts: the JSON is then in a part called `request`.
  ///
  /// - Throws: also where the content is of another type.
  func json(_ request: Request) async throws -> (json: Data, parts: Multipart?) {
    let type = request.headers[.contentType] ?? "", kind = type.prefix { $0 != ";" }.lowercased()
    guard kind == "application/json" || kind == "multipart/form-data" else {
      throw ServiceError(
        .malformed, "the content is of the type '\(type.prefix(64))'; send application/json or multipart/form-data")
    }
    let body = try await read(request)
    guard kind == "multipart/form-data" else { return (Data(body.readableBytesView), nil) }
    let parts = try Multipart(body, type: type)
    guard let part = parts["request"] else {
      throw ServiceError(.malformed, "the body has no part called request; put the JSON there")
    }
    return (Data(part.content), parts)
  }

  private func collect(_ body: RequestBody) async throws -> ByteBuffer {
    var whole = ByteBuffer(), counted = 0
    defer { received.withLock { [counted] in $0 -= counted } }
    for try await var part in body {
      let size = part.readableBytes
      guard whole.readableBytes + size <= limit else { throw tooLarge(nil) }
      let isTooMuch = received.withLock { received in
        guard received + size <= total else { return true }
        received += size
        return false
      }
      if isTooMuch { throw ServiceError(.busy(retryAfter: 2), "the server receives too much at once; try again") }
      counted += size
      whole.writeBuffer(&part)
    }
    return whole
  }

  private func tooLarge(_ found: Int?) -> ServiceError {
    ServiceError(
      .tooLarge,
      "the body has \(found.map { "\($0)" } ?? "more than \(limit)") bytes; this server takes \(limit) at most")
  }
}
