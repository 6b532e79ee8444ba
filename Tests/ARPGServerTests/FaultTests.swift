import ARPGImageFiles
import Foundation
import TestSupport
import Testing

/// Clients that behave badly: each gets an answer in the interface's own form where it can have one, and none disturbs another.
@Suite(.serialized) struct FaultTests {
  private static let started = Result { try TestServer(["--max-body", "4", "--max-pixels", "1"]) }
  private let server: TestServer

  init() throws {
    server = try Self.started.get()
  }

  private let quick = #"{"settings": {"steps": 1}}"#

  /// That the server goes on serving others.
  private func expectWell(_ location: SourceLocation = #_sourceLocation) throws {
    let status = try server.post("/api/v1/generations", json: quick).status
    #expect(server.isRunning && status == 200, sourceLocation: location)
  }

  private func head(_ method: String, _ path: String, _ lines: [String]) -> [UInt8] {
    Array((["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1"] + lines + ["", ""]).joined(separator: "\r\n").utf8)
  }

  @Test("a client that vanishes while it waits takes its job along")
  func vanishing() throws {
    let body = Array(#"{"count": 32, "settings": {"steps": 200}}"#.utf8)
    for _ in 0..<3 {
      let connection = try RawConnection(port: server.port)
      connection.send(
        head("POST", "/api/v1/generations", ["Content-Type: application/json", "Content-Length: \(body.count)"]) + body)
      usleep(100_000)
    }
    let deadline = Date(timeIntervalSinceNow: 20)
    var load = 1
    while load > 0, Date() < deadline {
      usleep(50_000)
      let status = try server.get("/api/v1/status").json()
      load = (status["queued"] as? Int ?? 1) + (status["running"] as? Int ?? 1)
    }
    #expect(load == 0)
    try expectWell()
  }

  @Test("a client that vanishes from its events leaves the job alone")
  func vanishingFromEvents() throws {
    let job = try server.post("/api/v1/generations", json: #"{"settings": {"steps": 64}, "wait": false}"#).json()
    let id = try #require(job["id"] as? String)
    do {
      let connection = try RawConnection(port: server.port)
      connection.send(head("GET", "/api/v1/generations/\(id)/events?previews=1", []))
      _ = connection.receive()
    }
    let end = try server.get("/api/v1/generations/\(id)/events").text
    #expect(end.contains("\"state\":\"finished\""))
  }

  @Test("half a body, and none, change nothing")
  func halfBody() throws {
    for part in ["", "{\"count\": 1"] {
      let connection = try RawConnection(port: server.port)
      connection.send(
        head("POST", "/api/v1/generations", ["Content-Type: application/json", "Content-Length: 1000"])
          + Array(part.utf8))
    }
    try expectWell()
  }

  @Test("a body of a gigabyte that is declared, or sent in pieces without end, is refused at once")
  func largeBody() throws {
    let declared = try RawConnection(port: server.port)
    declared.send(
      head("POST", "/api/v1/generations", ["Content-Type: application/json", "Content-Length: 1073741824"]))
    let answer = try HTTPExchange(response: declared.receive { $0.contains(123) && $0.last == 125 })
    #expect(answer.status == 413)
    #expect(try answer.problem().contains("4000000"))
    let before = server.residentBytes
    let chunked = try RawConnection(port: server.port)
    chunked.send(head("POST", "/api/v1/generations", ["Content-Type: application/json", "Transfer-Encoding: chunked"]))
    let piece = Array("10000\r\n".utf8) + [UInt8](repeating: 0x20, count: 65536) + Array("\r\n".utf8)
    for _ in 0..<80 { if !chunked.send(piece) { break } }
    let refused = try HTTPExchange(response: chunked.receive { $0.contains(123) && $0.last == 125 })
    #expect(refused.status == 413)
    #expect(server.residentBytes < before + 64_000_000)
    try expectWell()
  }

  @Test("an image that declares 10000 x 10000 pixels in a kilobyte is refused before memory is taken")
  func largeImage() throws {
    let image = try ImageFile.encode(
      .init(width: 2, height: 2, pixels: Array(repeating: 9, count: 12)), as: .png)
    var bytes = [UInt8](image)
    // The sides in the header chunk, and a checksum that is not looked at before them.
    for (place, value) in [(18, 0x27), (19, 0x10), (22, 0x27), (23, 0x10)] { bytes[place] = UInt8(value) }
    let before = server.residentBytes
    let answer = try server.post(
      "/api/v1/generations",
      json: #"{"controls": [{"adapter": "canny", "image": "\#(Data(bytes).base64EncodedString())"}]}"#)
    #expect(answer.status == 413 || answer.status == 422)
    #expect(try answer.problem().contains("controls[0].image") || answer.text.contains("image"))
    #expect(server.residentBytes < before + 64_000_000)
  }

  @Test("paths that lead out of the server's files find nothing")
  func paths() throws {
    for path in [
      "/../../etc/passwd", "/page/../../../../etc/passwd", "/page/%2e%2e/%2e%2e/etc/passwd", "/page/..%5c..%5cx",
      "/api/v1/generations/../../x", "/api/v1/generations/%2e%2e/images/0", "/page/%00", "/api/v1/nosuch",
    ] {
      let answer = try server.get(path)
      #expect([400, 404].contains(answer.status), "\(path): \(answer.status)")
      #expect(!answer.text.contains("root:"))
    }
  }

  @Test("what is no HTTP, and heads without end, close the connection and no more")
  func noHTTP() throws {
    for bytes in [
      Array("nonsense\r\n\r\n".utf8), [UInt8](repeating: 0xFF, count: 5000),
      head("GET", "/", ["X-Long: \(String(repeating: "x", count: 100_000))"]),
      Array("GET / HTTP/1.1\r\n".utf8) + (0..<500).flatMap { Array("X-\($0): y\r\n".utf8) } + Array("\r\n".utf8),
    ] {
      let connection = try RawConnection(port: server.port)
      connection.send(bytes)
      let answer = connection.receive { $0.count > 12 }
      #expect(answer.isEmpty || String(decoding: answer, as: UTF8.self).contains(" 4"))
    }
    try expectWell()
  }

  @Test("bodies of several parts that are broken are told of")
  func brokenParts() throws {
    for body in [
      "", "--XX", "--XX\r\n\r\n", "--XX--", "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{}", "XX\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{\r\n--XX--\r\n",
    ] {
      let answer = try HTTPExchange(
        "POST", "/api/v1/generations", ["Content-Type": "multipart/form-data; boundary=XX"], body: Array(body.utf8),
        on: server.port)
      #expect(answer.status == 400, "\(body): \(answer.status)")
      _ = try answer.problem()
    }
    for type in ["multipart/form-data", "multipart/form-data; boundary=", "text/plain", ""] {
      let answer = try HTTPExchange(
        "POST", "/api/v1/generations", ["Content-Type": type], body: Array("{}".utf8), on: server.port)
      #expect(answer.status == 400)
    }
  }

  @Test("names of strangers in Host, and pages of other origins, are refused")
  func strangers() throws {
    for host in ["evil.example", "evil.example:7860", "", "localhost.evil.example"] {
      let answer = try server.get("/api/v1/models", ["Host": host])
      #expect(answer.status == 403 || answer.status == 400, "\(host)")
    }
    for host in ["localhost:\(server.port)", "127.0.0.1", "[::1]:80", "192.168.1.7:7860"] {
      #expect(try server.get("/api/v1/models", ["Host": host]).status == 200)
    }
    let foreign = try server.post("/api/v1/generations", json: quick, ["Origin": "https://evil.example"])
    #expect(foreign.status == 403 && foreign.headers["access-control-allow-origin"] == nil)
    let own = try server.post("/api/v1/generations", json: quick, ["Origin": "http://127.0.0.1:\(server.port)"])
    #expect(own.status == 200)
    let preflight = try HTTPExchange(
      "OPTIONS", "/api/v1/generations", ["Origin": "https://evil.example"], on: server.port)
    #expect(preflight.status == 403)
  }
}

/// Servers with settings of their own.
@Suite struct SettingTests {
  @Test("with a key only those get in who send it; the page is open, since it asks for it")
  func key() throws {
    let server = try TestServer(environment: ["ARPG_KEY": "correct-horse"])
    #expect(try server.get("/").status == 200 && server.get("/healthz").status == 200)
    let none = try server.get("/api/v1/models")
    #expect(none.status == 401 && none.headers["www-authenticate"] == "Bearer")
    for wrong in [
      "Bearer wrong", "Bearer correct-hors", "Bearer correct-horsee", "Bearer ", "correct-horse", "Basic !!",
    ] {
      #expect(try server.get("/api/v1/models", ["Authorization": wrong]).status == 401)
    }
    #expect(try server.get("/api/v1/models", ["Authorization": "Bearer correct-horse"]).status == 200)
    let basic = Data("anybody:correct-horse".utf8).base64EncodedString()
    #expect(try server.get("/api/v1/models", ["Authorization": "Basic \(basic)"]).status == 200)
    #expect(try server.get("/metrics").status == 401)
  }

  @Test("origins that are allowed may use the server")
  func origins() throws {
    let server = try TestServer(["--allow-origin", "https://friend.example", "--host-name", "draw.example"])
    let friend = ["Origin": "https://friend.example"]
    #expect(try server.get("/api/v1/models", friend).headers["access-control-allow-origin"] == "https://friend.example")
    #expect(try HTTPExchange("OPTIONS", "/api/v1/generations", friend, on: server.port).status == 204)
    #expect(try server.get("/api/v1/models", ["Origin": "https://evil.example"]).status == 403)
    #expect(try server.get("/api/v1/models", ["Host": "draw.example"]).status == 200)
  }

  @Test("adapters of files lie beside every model, under names of their own")
  func adapterFiles() throws {
    let folder = try TemporaryFolder()
    let program = Process()
    program.executableURL = try #require(Bundle.main.executableURL).resolvingSymlinksInPath()
      .deletingLastPathComponent()
      .appendingPathComponent("arpg")
    program.arguments = ["adapters", "export", "canny", "-o", folder.file("canny.safetensors"), "--quiet"]
    program.standardOutput = FileHandle.nullDevice
    try program.run()
    program.waitUntilExit()
    let server = try TestServer(["--adapter", "soft=\(folder.file("canny.safetensors"))"])
    let adapters = try #require(try server.get("/api/v1/adapters").json()["adapters"] as? [[String: Any]])
    #expect(adapters.contains { $0["name"] as? String == "soft" })
    let sketch = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("sketches/mug.png"))).base64EncodedString()
    let answer = try server.post(
      "/api/v1/generations",
      json: #"{"controls": [{"adapter": "soft", "image": "\#(sketch)"}], "settings": {"steps": 2}}"#)
    #expect(answer.status == 200 && answer.text.contains("\"kind\":\"canny\""))
  }

  @Test("adapters of shared libraries are there like others", .enabled(if: CompiledLibrary.compiler != nil))
  func adapterLibraries() throws {
    let folder = try TemporaryFolder()
    let source = CompiledLibrary.root.appendingPathComponent("examples/adapter-in-c/gradient.c").path
    try CompiledLibrary.compile(file: source, to: folder.file("gradient.so"))
    let server = try TestServer(["--adapter-library", folder.file("gradient.so")])
    // It has weights to learn, of which the bundled model has none: that is told, and not that nobody knows it.
    let sketch = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("sketches/mug.png"))).base64EncodedString()
    let answer = try server.post("/api/v1/controls", json: #"{"adapter": "gradient", "image": "\#(sketch)"}"#)
    let problem = try answer.problem()
    #expect(problem.contains("gradient") && !problem.contains("nearest") && !problem.contains("no adapter"))
    #expect(
      try server.post("/api/v1/controls", json: #"{"adapter": "gradual", "text": "x"}"#).problem().contains("gradient"))
  }

  @Test("a slow sender is given up, and others are served meanwhile")
  func slowSender() throws {
    let server = try TestServer(environment: ["ARPG_BODY_SECONDS": "1"])
    let slow = try RawConnection(port: server.port)
    slow.send(
      Array(
        "POST /api/v1/generations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
          .utf8))
    #expect(try server.post("/api/v1/generations", json: #"{"settings": {"steps": 1}}"#).status == 200)
    let answer = try HTTPExchange(response: slow.receive { $0.last == 125 })
    #expect(answer.status == 408)
  }

  @Test("a queue that is full answers 429 with a time to wait")
  func full() throws {
    let server = try TestServer(["--queue", "2", "--max-batch", "1"])
    var refused: HTTPExchange?
    for _ in 0..<8 {
      let answer = try server.post("/api/v1/generations", json: #"{"settings": {"steps": 64}, "wait": false}"#)
      if answer.status == 429 { refused = answer }
    }
    let answer = try #require(refused)
    #expect(Int(answer.headers["retry-after"] ?? "").map { $0 >= 1 } == true)
    #expect(try answer.problem().contains("try again"))
  }

  @Test("SIGTERM lets requests end that were taken, and the server ends well")
  func drain() throws {
    let server = try TestServer()
    let connection = try RawConnection(port: server.port)
    let body = #"{"settings": {"steps": 100}}"#
    connection.send(
      Array(
        "POST /api/v1/generations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
          .utf8))
    usleep(150_000)
    let stopped = server.stop(SIGTERM)
    let answer = try HTTPExchange(response: connection.receive())
    #expect(answer.status == 200 && stopped == 0)
  }

  @Test("a server that is killed while it writes leaves no half of a result, and the next one starts")
  func killed() throws {
    let results = try TemporaryFolder()
    for pause in [300_000, 450_000, 600_000] as [UInt32] {
      let server = try TestServer(["--results", results.path])
      _ = try server.post(
        "/api/v1/generations", json: #"{"count": 8, "settings": {"steps": 2}, "wait": false}"#)
      usleep(pause)
      #expect(server.stop(SIGKILL) == -SIGKILL)
    }
    for name in try results.contents where !name.hasSuffix(".part") {
      #expect(try ImageFile.read(results.file(name)).width == 256)
    }
    let server = try TestServer(["--results", results.path, "--keep", "0"])
    #expect(try server.post("/api/v1/generations", json: #"{"settings": {"steps": 1}}"#).status == 200)
    #expect(try results.contents.allSatisfy { $0.hasSuffix(".part") || $0.hasSuffix(".png") })
  }

  @Test(
    "options that are wrong, and servers that would be open, do not start",
    arguments: [
      (["--host", "0.0.0.0"], "key"), (["--port", "70000"], "port"), (["--model", "nosuch"], "nosuch"),
      (["--key", "short"], "key"), (["--queue", "0"], "queue"), (["--precision", "int3"], "precision"),
      (["--log-level", "loud"], "loud"), (["--key-file", "/nosuch"], "key-file"),
    ])
  func options(arguments: [String], word: String) throws {
    let process = Process(), errors = Pipe()
    process.executableURL = try #require(Bundle.main.executableURL).resolvingSymlinksInPath()
      .deletingLastPathComponent()
      .appendingPathComponent("arpg-server")
    process.arguments = arguments
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus != 0 && text.contains(word), "\(text)")
  }
}
