import Hummingbird

/// An error as OpenAI tells it.
struct OpenAIError: Encodable {
  struct Body: Encodable {
    let message, type: String
    let code: String?
  }
  let error: Body

  init(_ status: HTTPResponse.Status, _ message: String) {
    let (type, code): (String, String?) =
      switch status.code {
      case 401: ("invalid_request_error", "invalid_api_key")
      case 404: ("invalid_request_error", "not_found")
      case 429: ("rate_limit_error", "rate_limit_exceeded")
      case 500...: ("server_error", nil)
      default: ("invalid_request_error", nil)
      }
    error = Body(message: message, type: type, code: code)
  }
}
