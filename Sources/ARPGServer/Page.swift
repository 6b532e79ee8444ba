import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The page that is drawn on: files that lie beside the program, read once.
struct Page: Sendable {
  private struct File {
    let content: ByteBuffer
    let type: String
    let tag: String
  }

  private let files: [String: File]

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
  ]

  /// Reads the files of the page.
  ///
  /// - Throws: where they are not beside the program.
  init() throws {
    let folder = try Resources.folder().appendingPathComponent("Page")
    var files: [String: File] = [:]
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw ResourcesError(places: [folder.path])
    }
    for name in names {
      guard let type = Self.types[URL(fileURLWithPath: name).pathExtension] else { continue }
      let content = try Data(contentsOf: folder.appendingPathComponent(name))
      files[name] = File(content: ByteBuffer(bytes: content), type: type, tag: "\"\(Self.hash(content))\"")
    }
    self.files = files
  }

  func add(to router: ServerRouter) {
    router.get("/") { request, _ in try response("index.html", request) }
    router.get("/favicon.ico") { request, _ in try response("icon.svg", request) }
    router.get("/page/:name") { request, context in try response(context.parameters.require("name"), request) }
  }

  private func response(_ name: String, _ request: Request) throws -> Response {
    guard let file = files[name] else { throw HTTPError(.notFound) }
    let headers: HTTPFields = [.contentType: file.type, .eTag: file.tag]
    if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.content))
  }

  /// FNV-1a: tells one version of a file from the next.
  private static func hash(_ data: Data) -> String {
    String(data.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
  }
}
