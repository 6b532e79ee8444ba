import Foundation
import Testing

/// A connection that sends whatever bytes it is told to: clients that behave badly need one.
final class RawConnection {
  private let socket: Int32

  init(port: Int) throws {
    #if os(Linux)
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0, "no connection to port \(port): errno \(errno)")
    var time = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  /// Sends bytes; false where the other side takes no more.
  @discardableResult func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        #if os(Linux)
          Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        #else
          Darwin.send(socket, $0.baseAddress, $0.count, 0)
        #endif
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// The bytes that come next; nil at the end.
  func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  /// All that comes until the other side closes, or until `isEnough` says so.
  func receive(until isEnough: ([UInt8]) -> Bool = { _ in false }) -> [UInt8] {
    var all: [UInt8] = []
    while !isEnough(all), let bytes = receive() { all += bytes }
    return all
  }
}

/// One request and its response, on a connection of its own.
struct HTTPExchange {
  let status: Int
  /// Names in lower case.
  let headers: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  init(_ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8] = [], on port: Int) throws {
    let connection = try RawConnection(port: port)
    var lines = ["\(method) \(path) HTTP/1.1"]
    let all = ["Host": "127.0.0.1:\(port)", "Connection": "close", "Content-Length": "\(body.count)"]
    lines += all.merging(headers) { $1 }.map { "\($0.key): \($0.value)" }
    connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    try self.init(response: connection.receive())
  }

  /// Reads a response.
  init(response: [UInt8]) throws {
    let gap = Array("\r\n\r\n".utf8)
    let end = try #require(
      (0..<max(0, response.count - 3)).first { response[$0] == 13 && response[$0..<$0 + 4].elementsEqual(gap) },
      "no response but \(response.count) bytes")
    let lines = String(decoding: response[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    status = try #require(Int(lines[0].split(separator: " ")[1]))
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      headers[pair[0].lowercased()] = pair.count > 1 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
    }
    self.headers = headers
    let rest = Array(response[(end + 4)...])
    body = headers["transfer-encoding"] == "chunked" ? Self.unchunked(rest) : rest
  }

  private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
    var body: [UInt8] = [], position = 0
    while let end = (position..<max(position, bytes.count - 1)).first(where: { bytes[$0] == 13 && bytes[$0 + 1] == 10 }
    ),
      let count = Int(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16), count > 0,
      end + 2 + count <= bytes.count
    {
      body += bytes[end + 2..<end + 2 + count]
      position = end + 4 + count
    }
    return body
  }

  /// The body as a JSON object.
  func json() throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any], "not an object: \(text.prefix(300))")
  }

  /// What a problem says.
  func problem() throws -> String {
    #expect(headers["content-type"] == "application/problem+json")
    let problem = try json()
    #expect(problem["status"] as? Int == status && problem["request_id"] is String)
    return try #require(problem["detail"] as? String)
  }
}
