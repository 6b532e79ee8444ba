import ARPGService
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle

/// A service of images over HTTP, with a page to draw on. Run it in a `ServiceGroup`, or by itself with ``run()``.
public struct ImageServer: Service {
  private let application: Application<RouterResponder<ServerContext>>
  private let service: ImageService
  private let drainSeconds: Double

  /// A server.
  ///
  /// - Parameters:
  ///   - service: what makes the images.
  ///   - options: where it listens, and whom it answers.
  ///   - metrics: what `/metrics` tells.
  ///   - logger: is told of each request.
  ///   - onRunning: is told the port once the server listens.
  /// - Throws: where the page is not beside the program, or the options are not safe.
  public init(
    _ service: ImageService, _ options: ServerOptions, metrics: PrometheusMetrics = PrometheusMetrics(),
    logger: Logger = Logger(label: "arpg-server"), onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws {
    let connections = ConnectionWatch()
    let state = ServerState(
      service: service, options: options,
      bodies: BodyReader(
        limit: service.limits.body, seconds: options.bodySeconds, total: options.bodyBytes), connections: connections)
    let router = ServerRouter(context: ServerContext.self)
    router.add(middleware: SecurityHeaders())
    let document = try InterfaceDocument()
    router.add(middleware: ErrorsAndLog(document: document))
    router.add(middleware: RequestChecks(options: options))
    try Page().add(to: router)
    NativeRoutes(state: state, document: document).add(to: router)
    OpenAIRoutes(state: state).add(to: router)
    WebUIRoutes(state: state).add(to: router)
    HealthRoutes(state: state, metrics: metrics).add(to: router)
    self.service = service
    drainSeconds = options.drainSeconds
    application = Application(
      router: router,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [connections.handler()],
          idleTimeout: .milliseconds(Int64(options.idleSeconds * 1000)),
          httpDecoderConfiguration: .init(maxHeaderFieldSize: 16384, maxHeaderListSize: 65536, maxHeaderFieldCount: 100)
        )),
      configuration: .init(address: .hostname(options.host, port: options.port)),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? options.port) },
      logger: logger)
  }

  /// Serves until the task is cancelled or the group shuts down; then the requests that it has are finished first.
  public func run() async throws {
    let service = service, drainSeconds = drainSeconds
    let sweeping = Task {
      while true {
        try await Task.sleep(for: .seconds(30))
        service.sweep()
      }
    }
    defer { sweeping.cancel() }
    try await withTaskCancellationOrGracefulShutdownHandler {
      try await application.run()
    } onCancelOrGracefulShutdown: {
      Task { await service.drain(within: .seconds(drainSeconds)) }
    }
  }
}
