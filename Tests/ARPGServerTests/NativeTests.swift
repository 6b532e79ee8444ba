import ARPGImageFiles
import ARPGImages
import Foundation
import TestSupport
import Testing

/// The native interface of the built server.
@Suite struct NativeTests {
  private static let started = Result { try TestServer() }
  private let server: TestServer

  init() throws {
    server = try Self.started.get()
  }

  private func sketch() throws -> String {
    try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("sketches/mug.png"))).base64EncodedString()
  }

  @Test("models and adapters describe themselves")
  func descriptions() throws {
    let models = try #require(try server.get("/api/v1/models").json()["models"] as? [[String: Any]])
    #expect(models.count == 1 && models[0]["name"] as? String == "starter" && models[0]["loaded"] as? Bool == true)
    let adapters = try #require(try server.get("/api/v1/adapters").json()["adapters"] as? [[String: Any]])
    let names = adapters.compactMap { $0["name"] as? String }
    #expect(names.contains("canny") && names.contains("class") && !names.contains("text-features"))
    #expect(adapters.first { $0["name"] as? String == "class" }?["input_values"] as? String == "class-names")
    #expect(try server.get("/api/v1/adapters?model=nosuch").problem().contains("nosuch"))
  }

  @Test(
    "a request that waits has the images within, the same for one seed, in each format with what they were made with")
  func waiting() throws {
    var images: [Image] = []
    for format in ["png", "webp", "png"] {
      let answer = try server.post(
        "/api/v1/generations",
        json: """
          {"controls": [{"adapter": "canny", "image": "data:image/png;base64,\(sketch())", "options": {"low": 50}},
            {"adapter": "class", "text": "mug"}], "seed": 7, "settings": {"steps": 8}, "format": "\(format)"}
          """)
      #expect(answer.status == 200)
      let job = try answer.json(), all = try #require(job["images"] as? [[String: Any]])
      #expect(job["state"] as? String == "finished" && all.count == 1 && all[0]["seed"] as? Int == 7)
      let data = try #require((all[0]["data"] as? String).flatMap { Data(base64Encoded: $0) })
      let text = try ImageFile.text(of: [UInt8](data)).first { $0.keyword == "arpg" }?.value
      #expect(text?.contains("\"low\" : \"50\"") == true)
      images.append(try ImageFile.read([UInt8](data)))
      let settings = try HTTPExchange("POST", "/api/v1/settings", body: [UInt8](data), on: server.port).json()
      #expect((settings["parameters"] as? [String: Any])?["seed"] as? Int == 7)
    }
    #expect(images[0] == images[2] && images[0].width == 256)
  }

  @Test("a job is told of, followed by events, fetched and forgotten")
  func jobs() throws {
    let accepted = try server.post(
      "/api/v1/generations", json: #"{"count": 2, "settings": {"steps": 6}, "wait": false}"#)
    #expect(accepted.status == 202)
    let place = try #require(accepted.headers["location"])
    let events = try server.get("\(place)/events?previews=2").text
    for name in ["state", "image", "end"] { #expect(events.contains("event: \(name)\n")) }
    #expect(events.components(separatedBy: "event: image\n").count == 3)
    let job = try server.get(place).json()
    #expect(job["state"] as? String == "finished" && job["progress"] as? Double == 1)
    let png = try server.get("\(place)/images/1?download=1")
    #expect(png.headers["content-type"] == "image/png" && png.headers["content-disposition"]?.contains("arpg-") == true)
    #expect(try ImageFile.read(png.body).width == 256)
    let jpeg = try server.get("\(place)/images/0?format=jpeg&quality=50")
    #expect(try ImageFile.info(of: jpeg.body).format == .jpeg)
    #expect(try server.get("\(place)/images/0?format=gif").status == 422)
    for missing in ["2", "x", "-1", "..%2F..%2Fetc%2Fpasswd"] {
      #expect(try server.get("\(place)/images/\(missing)").status == 404)
    }
    #expect(try HTTPExchange("DELETE", place, on: server.port).status == 200)
    #expect(try server.get(place).problem().contains("there is no generation"))
  }

  @Test("a body of several parts brings its files as they are")
  func parts() throws {
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("sketches/mug.png"))))
    let json = #"{"controls": [{"adapter": "canny", "image": "@drawing"}], "seed": 1, "settings": {"steps": 2}}"#
    let body =
      Array("--XX\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n\(json)\r\n".utf8)
      + Array("--XX\r\nContent-Disposition: form-data; name=\"drawing\"; filename=\"../mug.png\"\r\n\r\n".utf8) + file
      + Array("\r\n--XX--\r\n".utf8)
    let answer = try HTTPExchange(
      "POST", "/api/v1/generations", ["Content-Type": "multipart/form-data; boundary=XX"], body: body, on: server.port)
    #expect(answer.status == 200 && answer.text.contains("\"input\":\"mug.png\""))
  }

  @Test("an edit changes what is marked and keeps the rest")
  func edit() throws {
    let first = try server.post(
      "/api/v1/generations",
      json: #"{"controls": [{"adapter": "class", "text": "mug"}], "seed": 1, "settings": {"steps": 8}}"#)
    let images = try #require(try first.json()["images"] as? [[String: Any]])
    let data = try #require(images[0]["data"] as? String)
    let edited = try server.post(
      "/api/v1/generations",
      json: """
        {"edit": {"image": "\(data)", "boxes": [[0, 0, 128, 256]], "paste": "hard"}, "seed": 2, "settings": {"steps": 8}}
        """)
    let result = try #require((try edited.json()["images"] as? [[String: Any]])?[0]["data"] as? String)
    let before = try ImageFile.read([UInt8](try #require(Data(base64Encoded: data))))
    let after = try ImageFile.read([UInt8](try #require(Data(base64Encoded: result))))
    let rows = (0..<256).map { $0 * 256 * 3 }
    #expect(before != after)
    #expect(rows.allSatisfy { before.pixels[$0 + 384..<$0 + 768] == after.pixels[$0 + 384..<$0 + 768] })
  }

  @Test("the control that an adapter sees is sent as an image")
  func control() throws {
    let answer = try server.post("/api/v1/controls", json: #"{"adapter": "canny", "image": "\#(sketch())"}"#)
    #expect(answer.headers["content-type"] == "image/png")
    #expect(try ImageFile.read(answer.body).isGrey)
  }

  @Test(
    "what is wrong is told in a sentence that names it",
    arguments: [
      ("{", 400, "JSON"), ("[1]", 422, "object"), (#"{"seed": "x"}"#, 422, "seed"), (#"{"sed": 1}"#, 422, "sed"),
      (#"{"count": 0}"#, 422, "count"), (#"{"count": 1000000}"#, 422, "count"),
      (#"{"model": "nosuch"}"#, 404, "nosuch"),
      (#"{"size": "1x1"}"#, 422, "size"), (#"{"size": "wide"}"#, 422, "size"), (#"{"fit": "bend"}"#, 422, "crop"),
      (#"{"settings": {"stops": 3}}"#, 422, "stops"), (#"{"settings": {"steps": -3}}"#, 422, "steps"),
      (#"{"settings": {"steps": 1e300}}"#, 422, "steps"), (#"{"settings": {"top_p": 2}}"#, 422, "top-p"),
      (#"{"settings": {"guidance_interval": [0, 0.5, 1]}}"#, 422, "guidance_interval"),
      (#"{"controls": [{"adapter": "nosuch", "text": "x"}]}"#, 422, "nosuch"),
      (#"{"controls": [{"adapter": "canny"}]}"#, 422, "controls[0]"),
      (#"{"controls": [{"adapter": "canny", "text": "x"}]}"#, 422, "image"),
      (#"{"controls": [{"adapter": "canny", "image": "@x"}]}"#, 422, "part"),
      (#"{"controls": [{"adapter": "canny", "image": "!!!"}]}"#, 400, "base64"),
      (#"{"controls": [{"adapter": "canny", "image": "aGVsbG8="}]}"#, 422, "image"),
      (#"{"controls": [{"adapter": "class", "text": "zebra"}]}"#, 422, "zebra"),
      (#"{"controls": [{"adapter": "class", "text": "mug", "strength": 1000}]}"#, 422, "strength"),
      (#"{"controls": [{"adapter": "class", "text": "mug", "from": 0.5, "to": 0.2}]}"#, 422, "from"),
      (#"{"edit": {"image": "aGVsbG8=", "keep": 2}}"#, 422, "keep"), (#"{"edit": {}}"#, 422, "image"),
    ] as [(String, Int, String)])
  func refused(json: String, status: Int, word: String) throws {
    let answer = try server.post("/api/v1/generations", json: json)
    #expect(answer.status == status)
    #expect(try answer.problem().contains(word))
  }

  @Test("the description of the interface is served")
  func openAPI() throws {
    let document = try server.get("/api/v1/openapi.json").json()
    #expect(document["openapi"] as? String == "3.1.0")
    let paths = try #require(document["paths"] as? [String: Any])
    #expect(paths.keys.contains("/api/v1/generations/{id}/events"))
    let other = try HTTPExchange("PUT", "/api/v1/generations", on: server.port)
    #expect(other.status == 405 && other.headers["allow"] == "POST")
    #expect(try HTTPExchange("POST", "/api/v1/generations/x", on: server.port).headers["allow"] == "DELETE, GET")
    #expect(try server.get("/api/v1/nosuch").status == 404)
  }

  @Test("the page and its modules are served, with a policy that allows nothing else")
  func page() throws {
    let page = try server.get("/")
    #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
    #expect(page.headers["content-security-policy"]?.contains("script-src 'self'") == true)
    for match in page.text.matches(of: /(src|href)="(\/page\/[^"]+)"/) {
      let file = try server.get(String(match.2))
      #expect(file.status == 200 && !file.body.isEmpty)
      let tag = try #require(file.headers["etag"])
      #expect(try server.get(String(match.2), ["If-None-Match": tag]).status == 304)
    }
    for path in ["/page/../openapi.json", "/page/%2e%2e%2fopenapi.json", "/page/nosuch.js", "/page/"] {
      #expect(try server.get(path).status == 404)
    }
  }

  @Test("numbers are told in the format of Prometheus, and health")
  func operations() throws {
    #expect(try server.get("/healthz").text == "ok\n")
    _ = try server.post("/api/v1/generations", json: #"{"settings": {"steps": 1}}"#)
    let text = try server.get("/metrics").text
    for name in [
      "arpg_images_total", "arpg_queue_images", "process_resident_memory_bytes", "arpg_jobs_total{state=\"finished\"}",
    ] {
      #expect(text.contains("\n\(name)") || text.hasPrefix(name))
    }
  }
}
