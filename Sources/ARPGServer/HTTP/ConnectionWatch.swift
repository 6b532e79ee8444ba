import NIOCore
import Synchronization

/// Tells who waits for a response to be made that its client is gone.
final class ConnectionWatch: Sendable {
  private let actions = Mutex<[ObjectIdentifier: @Sendable () -> Void]>([:])

  /// What watches a connection, one for each.
  func handler() -> any RemovableChannelHandler { Handler(self) }

  /// Runs work, and `onClose` where the client closes the connection before it is done.
  func during<Value>(
    _ channel: any Channel, onClose: @escaping @Sendable () -> Void, _ work: () async throws -> Value
  ) async rethrows -> Value {
    let connection = ObjectIdentifier(channel)
    actions.withLock { $0[connection] = onClose }
    defer { actions.withLock { _ = $0.removeValue(forKey: connection) } }
    return try await work()
  }

  private func closed(_ channel: any Channel) { actions.withLock { $0[ObjectIdentifier(channel)] }?() }

  private final class Handler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    private let watch: ConnectionWatch

    init(_ watch: ConnectionWatch) {
      self.watch = watch
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent { watch.closed(context.channel) }
      context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
      watch.closed(context.channel)
      context.fireChannelInactive()
    }
  }
}
