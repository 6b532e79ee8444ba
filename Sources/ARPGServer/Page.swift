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
    let folder = try PageFolder.find()
    var files: [String: File] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
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

/// Where the files of the page are.
enum PageFolder {
  /// The folder: beside the program, where the build puts it, or in `../share/arpg/page` from there.
  ///
  /// - Throws: ``PageError`` with the places.
  static func find() throws(PageError) -> URL {
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let folders = [program, Bundle.main.bundleURL, Bundle.main.resourceURL].compactMap { $0?.standardizedFileURL }
    let places = folders.flatMap { folder in
      ["ARPG_ARPGServer.resources/Page", "ARPG_ARPGServer.bundle/Page", "../share/arpg/page"].map {
        folder.appendingPathComponent($0)
      }
    }
    if let found = places.first(where: {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("index.html").path)
    }) {
      return found
    }
    throw PageError(places: places.map(\.standardizedFileURL.path))
  }
}

/// The page is not where it should be.
struct PageError: Error, CustomStringConvertible {
  let places: [String]

  var description: String {
    "the page was not found in \(places.joined(separator: ", ")); keep ARPG_ARPGServer.resources beside the program"
  }
}
