import ARPGService
import Foundation
import HTTPTypes
import Hummingbird

/// Whom the server answers: checks the name in `Host`, where a page comes from, and the key.
struct RequestChecks: RouterMiddleware {
  let options: ServerOptions

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    try checkHost(request)
    let origin = try foreignOrigin(of: request)
    if request.method == .options, let origin { return preflight(origin) }
    try checkKey(request)
    var response = try await next(request, context)
    if let origin { response.headers[.accessControlAllowOrigin] = origin }
    return response
  }

  private func checkHost(_ request: Request) throws(ServiceError) {
    let authority = request.head.authority ?? ""
    let host = Self.host(of: authority).lowercased()
    let isAddress = host.hasPrefix("[") || host.wholeMatch(of: /[0-9]+(\.[0-9]+){3}/) != nil
    guard
      isAddress || ["localhost", options.host.lowercased()].contains(host)
        || options.names.contains(where: { $0.lowercased() == host })
    else {
      throw ServiceError(
        .forbidden, "this server is not called '\(host.prefix(64))'; start it with --host-name to allow that name")
    }
  }

  /// The origin of a page of somebody else; nil where there is none.
  private func foreignOrigin(of request: Request) throws(ServiceError) -> String? {
    guard let origin = request.headers[.origin] else { return nil }
    let own = request.head.authority ?? ""
    if origin == "http://\(own)" || origin == "https://\(own)" { return nil }
    guard options.origins.contains("*") || options.origins.contains(origin) else {
      throw ServiceError(
        .forbidden, "pages of '\(origin.prefix(64))' may not use this server; start it with --allow-origin to let them")
    }
    return origin
  }

  private func preflight(_ origin: String) -> Response {
    Response(
      status: .noContent,
      headers: [
        .accessControlAllowOrigin: origin, .accessControlAllowMethods: "GET, POST, DELETE",
        .accessControlAllowHeaders: "authorization, content-type", .accessControlMaxAge: "600",
      ])
  }

  private func checkKey(_ request: Request) throws(ServiceError) {
    guard let key = options.key, !Self.isOpen(request.uri.path) else { return }
    let given = request.headers[.authorization] ?? ""
    let isBasic = given.lowercased().hasPrefix("basic ")
    let sent =
      isBasic
      ? Self.password(ofBasic: given) : given.lowercased().hasPrefix("bearer ") ? String(given.dropFirst(7)) : ""
    guard Self.isEqual(sent, key) else {
      throw ServiceError(
        .unauthorized,
        given.isEmpty
          ? "a key is needed; send it as Authorization: Bearer KEY" : "the key is not the server's; check it")
    }
  }

  /// What needs no key: the page, which asks for it, and what tells whether the server is well.
  private static func isOpen(_ path: String) -> Bool {
    path == "/" || path.hasPrefix("/page/") || path == "/favicon.ico" || path == "/healthz" || path == "/readyz"
  }

  /// The password of basic authentication, which some clients of the WebUI send.
  private static func password(ofBasic header: String) -> String {
    let text = Data(base64Encoded: String(header.dropFirst(6))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init) ?? ""
  }

  /// Compares in a time that depends on the lengths alone.
  static func isEqual(_ given: String, _ key: String) -> Bool {
    let given = Array(given.utf8), key = Array(key.utf8)
    var difference = given.count ^ key.count
    for index in key.indices {
      difference |= Int(key[index] ^ (given.isEmpty ? 0 : given[index % given.count]))
    }
    return difference == 0 && !key.isEmpty
  }

  /// The name in front of the port.
  private static func host(of authority: String) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
    return String(authority.split(separator: ":", omittingEmptySubsequences: false).first ?? "")
  }
}

/// Headers that every response has: what a browser may do with it.
struct SecurityHeaders: RouterMiddleware {
  private static let policy =
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers.set("Referrer-Policy", "no-referrer")
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-cache" }
    return response
  }
}
