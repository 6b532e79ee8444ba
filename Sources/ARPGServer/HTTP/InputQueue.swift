import ARPGService
import Dispatch

/// Reads and prepares what clients send, one after the other, on a thread that may be blocked: decoding an image takes memory and
/// time, and many at once would take too much of both.
final class InputQueue: Sendable {
  static let shared = InputQueue()
  private let queue = DispatchQueue(label: "arpg.inputs")

  /// Runs work that reads what a client sent.
  ///
  /// - Throws: ``/ARPGService/ServiceError``: see ``/ARPGService/ServiceError/init(preparing:)``.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }.mapError { ServiceError(preparing: $0) }) }
    }
  }
}
