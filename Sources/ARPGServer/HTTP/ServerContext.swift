import ARPGService
import Hummingbird

/// What belongs to one request.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage

  init(source: Source) {
    coreContext = CoreRequestContextStorage(source: source)
  }
}

/// What all routes share.
struct ServerState: Sendable {
  let service: ImageService
  let options: ServerOptions
  let bodies: BodyReader
}

typealias ServerRouter = Router<ServerContext>
typealias ServerRoutes = RouterGroup<ServerContext>
