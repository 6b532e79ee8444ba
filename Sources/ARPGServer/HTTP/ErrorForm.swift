import ARPG
import ARPGService
import Hummingbird

extension ServiceError.Kind {
  /// The status of HTTP.
  var status: HTTPResponse.Status {
    switch self {
    case .malformed: .badRequest
    case .notFound: .notFound
    case .unauthorized: .unauthorized
    case .forbidden: .forbidden
    case .tooLarge: .contentTooLarge
    case .timedOut: .requestTimeout
    case .unprocessable: .unprocessableContent
    case .busy: .tooManyRequests
    case .unavailable: .serviceUnavailable
    // A client that cancelled has no use for a status; others read that their images do not come.
    case .cancelled: .conflict
    case .failed: .internalServerError
    }
  }
}

/// How an interface tells errors.
enum ErrorForm {
  /// `application/problem+json` (RFC 9457), of the native interface.
  case problem
  /// That of OpenAI.
  case openAI
  /// That of the WebUI.
  case webUI

  /// The form of the interface that a path belongs to.
  init(path: String) {
    self =
      path.hasPrefix("/v1/") ? .openAI : path.hasPrefix("/sdapi/") || path.hasPrefix("/controlnet/") ? .webUI : .problem
  }

  /// The response that tells an error.
  func response(_ status: HTTPResponse.Status, _ message: String, id: String) -> Response {
    switch self {
    case .problem:
      return .json(
        Problem(title: status.reasonPhrase, status: status.code, detail: message, requestID: id), status: status,
        type: "application/problem+json")
    case .openAI:
      // OpenAI's own service knows no 422.
      let status = status == .unprocessableContent ? .badRequest : status
      return .json(OpenAIError(status, message), status: status)
    case .webUI:
      return .json(WebUIError(error: status.reasonPhrase, detail: message, errors: message), status: status)
    }
  }
}

/// What the native interface says of an error.
struct Problem: Encodable {
  var type = "about:blank"
  let title: String
  let status: Int
  let detail: String
  let requestID: String?

  private enum CodingKeys: String, CodingKey {
    case type, title, status, detail
    case requestID = "request_id"
  }
}

private struct WebUIError: Encodable {
  let error, detail: String
  var body = ""
  let errors: String
}

/// Turns what routes throw into responses, and logs each request in a line.
struct ErrorsAndLog: RouterMiddleware {
  let document: InterfaceDocument

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let begun = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = answer(to: error, request, context)
    }
    response.headers.set("X-Request-ID", context.id)
    // Who looks after the server asks often.
    let isProbe = ["/healthz", "/readyz", "/metrics"].contains(request.uri.path)
    context.logger.log(
      level: isProbe ? .debug : .info, "request",
      metadata: [
        "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
        "seconds": "\(begun.duration(to: .now).seconds)",
      ])
    return response
  }

  private func answer(to error: any Error, _ request: Request, _ context: ServerContext) -> Response {
    let form = ErrorForm(path: request.uri.path)
    switch error {
    case let error as ServiceError:
      if error.kind == .failed { context.logger.error("failed", metadata: ["error": "\(error)"]) }
      var response = form.response(error.kind.status, error.description, id: context.id)
      if case .busy(let seconds) = error.kind { response.headers[.retryAfter] = "\(seconds)" }
      if error.kind == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
      return response
    case let error as any HTTPResponseError:
      if error.status == .notFound, let methods = document.methods(ofPath: request.uri.path) {
        var response = form.response(
          .methodNotAllowed, "\(request.method) is not for \(request.uri.path), which takes \(methods)", id: context.id)
        response.headers[.allow] = methods
        return response
      }
      return form.response(
        error.status, "\(request.uri.path): \(error.status.reasonPhrase.lowercased())", id: context.id)
    case is CancellationError:
      return form.response(.serviceUnavailable, "the server is being stopped; try another one", id: context.id)
    default:
      context.logger.error("failed", metadata: ["error": "\(error)"])
      return form.response(.internalServerError, "the server failed; its log says more", id: context.id)
    }
  }
}
