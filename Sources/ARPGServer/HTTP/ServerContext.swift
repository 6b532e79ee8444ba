import ARPGService
import Hummingbird
import NIOCore

/// What belongs to one request.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The connection that it came by.
  let channel: any Channel

  init(source: Source) {
    channel = source.channel
    coreContext = CoreRequestContextStorage(source: source)
  }
}

/// What all routes share.
struct ServerState: Sendable {
  let service: ImageService
  let options: ServerOptions
  let bodies: BodyReader
  let connections: ConnectionWatch
}

typealias ServerRouter = Router<ServerContext>
typealias ServerRoutes = RouterGroup<ServerContext>
