import Foundation
import Testing

/// The interfaces of OpenAI and the WebUI on the built server, where their own clients do not go; see `scripts/clients` for those.
@Suite struct CompatibleTests {
  private static let started = Result { try TestServer() }
  private let server: TestServer

  init() throws {
    server = try Self.started.get()
  }

  private func openAI(_ answer: HTTPExchange) throws -> String {
    let error = try #require(try answer.json()["error"] as? [String: Any], "no error: \(answer.text.prefix(200))")
    #expect(error["type"] is String)
    return try #require(error["message"] as? String)
  }

  private func webUI(_ answer: HTTPExchange) throws -> String {
    let error = try answer.json()
    #expect(error["error"] is String && error["errors"] is String)
    return try #require(error["detail"] as? String)
  }

  @Test(
    "what is wrong with a request for images is told as OpenAI does",
    arguments: [
      ("{", "JSON"), ("[]", "object"), ("{}", "prompt"), (#"{"prompt": 5}"#, "prompt"),
      (#"{"prompt": "mug", "n": "two"}"#, "n "), (#"{"prompt": "mug", "n": 9223372036854775807}"#, "n is"),
      (#"{"prompt": "mug", "size": "-1x5"}"#, "size"), (#"{"prompt": "mug", "seed": -5}"#, "seed"),
      (#"{"prompt": "mug", "stream": "yes"}"#, "stream"), (#"{"prompt": "mug", "settings": {"stops": 1}}"#, "stops"),
      (#"{"prompt": "mug", "controls": [{"adapter": "nosuch", "text": "x"}]}"#, "nosuch"),
      (#"{"prompt": "mug -- guidance_interval=0.9,0.1"}"#, "guidance_interval"),
      (#"{"prompt": "mug -- top_k=1e99"}"#, "top_k"),
      (#"{"prompt": "mug -- seed=-1"}"#, "seed"), (#"{"prompt": "17"}"#, "mug"),
      (#"{"prompt": "mug", "keep": 2}"#, "keep"),
    ])
  func openAIErrors(json: String, word: String) throws {
    let answer = try server.post("/v1/images/generations", json: json)
    #expect(answer.status == 400)
    #expect(try openAI(answer).contains(word))
  }

  @Test("fields that this server does not know are ignored, and what is null is not given")
  func unknownFields() throws {
    let answer = try server.post(
      "/v1/images/generations",
      json: #"{"prompt": "mug", "n": null, "quality": "hd", "unheard": {"of": [1]}, "settings": {"steps": 2}}"#)
    #expect(answer.status == 200)
    let image = try server.post(
      "/sdapi/v1/txt2img",
      json: """
        {"prompt": "mug", "steps": 2, "tiling": true, "override_settings": null, "alwayson_scripts": {"ADetailer": {"args": [false, {}]},
        "controlnet": {"args": [false, {"enabled": false, "image": null}]}}}
        """)
    #expect(image.status == 200)
    #expect(try (image.json()["images"] as? [String])?.count == 1)
  }

  @Test(
    "a form that is broken is told as OpenAI does",
    arguments: [
      ("", "boundary"), ("--XX--\r\n", "prompt"),
      ("--XX\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nmug\r\n--XX--\r\n", "image"),
      ("--XX\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n{\r\n--XX--\r\n", "n "),
      ("--XX\r\nContent-Disposition: form-data; name=\"settings[steps]\"\r\n\r\n\"\r\n--XX--\r\n", "prompt"),
    ])
  func forms(body: String, word: String) throws {
    let answer = try HTTPExchange(
      "POST", "/v1/images/edits", ["Content-Type": "multipart/form-data; boundary=XX"], body: Array(body.utf8),
      on: server.port)
    #expect(answer.status == 400)
    #expect(try openAI(answer).contains(word))
    let json = try server.post("/v1/images/edits", json: #"{"prompt": "mug"}"#)
    #expect(json.status == 400)
    #expect(try openAI(json).contains("multipart"))
  }

  @Test(
    "what is wrong is told as the WebUI does",
    arguments: [
      ("txt2img", "{", "JSON"), ("txt2img", #"{"seed": -2}"#, "seed"), ("txt2img", #"{"width": -5}"#, "size"),
      ("txt2img", #"{"n_iter": 0}"#, "n_iter"), ("txt2img", #"{"steps": 99999999}"#, "steps"),
      ("txt2img", #"{"alwayson_scripts": {"ControlNet": {"args": [{"image": "!"}]}}}"#, "base64"),
      ("txt2img", #"{"alwayson_scripts": {"ControlNet": {"args": [{"resize_mode": 7}]}}}"#, "resize_mode"),
      (
        "txt2img", #"{"alwayson_scripts": {"ControlNet": {"args": [{"image": "aGVsbG8=", "weight": 1e9}]}}}"#,
        "weight"
      ),
      ("txt2img", #"{"alwayson_scripts": {"controlnet": 5}}"#, "controlnet"),
      ("img2img", #"{"init_images": ["aGVsbG8="]}"#, "image"), ("img2img", #"{"init_images": [5]}"#, "init_images"),
      ("img2img", #"{"init_images": ["http://127.0.0.1/a.png"]}"#, "base64"), ("png-info", "{}", "image"),
      ("png-info", #"{"image": "aGVsbG8="}"#, "image"), ("options", #"{"sd_model_checkpoint": "nosuch"}"#, "starter"),
    ])
  func webUIErrors(path: String, json: String, word: String) throws {
    let answer = try server.post("/sdapi/v1/\(path)", json: json)
    #expect(400..<500 ~= answer.status)
    #expect(try webUI(answer).contains(word))
  }

  @Test("paths that there are not are told in the form of their interface")
  func paths() throws {
    #expect(try openAI(server.get("/v1/nosuch")).contains("/v1/nosuch"))
    #expect(try webUI(server.get("/sdapi/v1/nosuch")).contains("nosuch"))
    #expect(try webUI(server.post("/controlnet/detect", json: #"{"controlnet_module": "canny"}"#)).contains("images"))
  }

  @Test(
    "a client that vanishes takes its job along",
    arguments: [
      ("/v1/images/generations", #"{"prompt": "mug", "n": 32, "settings": {"steps": 200}}"#),
      ("/v1/images/generations", #"{"prompt": "mug", "n": 32, "settings": {"steps": 200}, "stream": true}"#),
      ("/sdapi/v1/txt2img", #"{"prompt": "mug", "batch_size": 32, "steps": 200}"#),
    ])
  func vanishing(path: String, json: String) throws {
    let server = try TestServer()
    do {
      let connection = try RawConnection(port: server.port)
      let head = "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
      connection.send(Array("\(head)\(json.utf8.count)\r\n\r\n\(json)".utf8))
      var running = 0
      let deadline = Date(timeIntervalSinceNow: 20)
      while running == 0, Date() < deadline {
        running = try server.get("/api/v1/status").json()["running"] as? Int ?? 0
      }
      #expect(running == 32)
    }
    let deadline = Date(timeIntervalSinceNow: 10)
    var load = 1
    while load > 0, Date() < deadline {
      usleep(50_000)
      let status = try server.get("/api/v1/status").json()
      load = (status["queued"] as? Int ?? 1) + (status["running"] as? Int ?? 1)
    }
    #expect(load == 0)
  }
}
