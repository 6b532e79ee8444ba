import Foundation

/// Where a server listens, and whom it answers.
public struct ServerOptions: Sendable {
  /// The address to listen at: an IP address, or a name.
  public var host = "127.0.0.1"
  /// The port; 0 takes any that is free.
  public var port = 7860
  /// What clients must send as `Authorization: Bearer KEY`; nil for nothing.
  public var key: String?
  /// The names that requests may call the server by in `Host`, beside IP addresses, `localhost` and ``host``. Others are refused, since
  /// a page of a stranger could have its own name lead to this machine (DNS rebinding).
  public var names: [String] = []
  /// The origins, such as `https://example.org`, whose pages may use the server; `*` for any. By default none but its own.
  public var origins: [String] = []
  /// How long a request's body may take to arrive, in seconds.
  public var bodySeconds = 60.0
  /// How long a connection may be silent, in seconds.
  public var idleSeconds = 60.0
  /// The most bytes of bodies that are being received, over all requests.
  public var bodyBytes = 512 << 20
  /// How long the server goes on with the requests it has when it is told to stop, in seconds.
  public var drainSeconds = 30.0

  /// Options of a server for this machine alone.
  public init() {}

  /// Whether it can be reached from this machine alone.
  public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
