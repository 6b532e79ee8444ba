import Dispatch
import Synchronization

/// Work that another thread does while its caller goes on. Where loops may use a single thread only, it is done when it is asked for.
package final class Background<Value: Sendable>: Sendable {
  private let body: @Sendable () throws -> Value
  private let result = Mutex<Result<Value, any Error>?>(nil)

  /// Begins the work, whose loops stay on its thread.
  package init(_ body: @escaping @Sendable () throws -> Value) {
    self.body = body
    guard Parallel.threads > 1 else { return }
    let started = DispatchSemaphore(value: 0)
    DispatchQueue.global(qos: .userInitiated).async {
      self.result.withLock { result in
        started.signal()
        result = Result { try Parallel.limited(to: 1, body) }
      }
    }
    started.wait()
  }

  /// What the work gave, once it is done.
  package var value: Value {
    get throws {
      try result.withLock { result in
        let done = result ?? Result { try body() }
        result = done
        return try done.get()
      }
    }
  }
}
