import ARPG
import ARPGService
import Foundation
import TestSupport
import Testing

@Suite struct JobTests {
  @Test("events lead from the queue over steps and previews to the image and the end")
  func events() async throws {
    let service = try TestService.make()
    let job = try service.submit(TestService.request(seed: 4, steps: 8))
    var steps: [Int] = [], previews = 0, images = 0, last: JobStatus?
    for await event in job.events(previewEvery: 2) {
      switch event {
      case .step(let done, let total):
        #expect(total == 256)
        steps.append(done)
      case .preview(let index, let image, _):
        #expect(index == 0 && image.width == 256)
        previews += 1
      case .image: images += 1
      case .end(let status): last = status
      case .state: break
      }
    }
    // Who listens late misses steps.
    #expect(steps == steps.sorted() && steps.last == 256 && previews >= 1 && previews <= 4)
    #expect(images == 1 && last?.state == .finished && last?.progress == 1)
    var late: [String] = []
    for await event in job.events() {
      switch event {
      case .image: late.append("image")
      case .end: late.append("end")
      default: break
      }
    }
    #expect(late == ["image", "end"])
  }

  @Test("a job is cancelled between two steps, and others of its batch are not")
  func cancel() async throws {
    let service = try TestService.make()
    let blocker = try service.submit(TestService.request(seed: 1, steps: 64))
    let doomed = try service.submit(TestService.request(seed: 2, steps: 48))
    let other = try service.submit(TestService.request(seed: 3, steps: 48))
    for await event in blocker.events() { if case .step = event { break } }
    service.cancel(blocker)
    #expect(await service.end(of: blocker).state == .cancelled)
    for await event in doomed.events() { if case .step = event { break } }
    service.cancel(doomed)
    #expect(await service.end(of: doomed).state == .cancelled)
    #expect(await service.end(of: other).state == .finished)
    let alone = try service.submit(TestService.request(seed: 3, steps: 48))
    _ = await service.end(of: alone)
    #expect(try TestService.image(other, of: service) == TestService.image(alone, of: service))
    #expect(throws: ServiceError.self) { try service.file(of: doomed, index: 0) }
  }

  @Test("a full queue refuses with a time to wait; one that waits alone is taken however large it is")
  func full() async throws {
    var limits = ServiceLimits()
    limits.queue = 3
    let service = try TestService.make(limits: limits)
    let jobs = try (0..<2).map { try service.submit(TestService.request(seed: UInt64($0), count: $0 == 0 ? 8 : 2, steps: 64)) }
    var refused: ServiceError?
    do {
      for seed in 0..<3 { _ = try service.submit(TestService.request(seed: UInt64(seed), count: 2, steps: 64)) }
    } catch { refused = error as? ServiceError }
    guard case .busy(let seconds)? = refused?.kind else {
      Issue.record("expected a refusal, found \(refused?.description ?? "none")")
      return
    }
    #expect(seconds >= 1)
    for job in jobs { service.cancel(job) }
  }

  @Test(
    "what cannot be made is told at once",
    arguments: [
      ("count", { (request: inout ServiceRequest) in request.count = 0 }),
      ("nosuch", { $0.model = "nosuch" }), ("steps", { $0.settings.steps = 0 }),
      ("steps", { $0.settings.steps = 100_000 }), ("temperature", { $0.settings.temperature = -1 }),
      ("nosuch", { $0.controls = [TestService.control("nosuch", .text("mug"))] }),
      ("image", { $0.controls = [TestService.control("canny", .text("mug"))] }),
    ] as [(String, @Sendable (inout ServiceRequest) -> Void)])
  func refused(word: String, change: @Sendable (inout ServiceRequest) -> Void) throws {
    let service = try TestService.make()
    var request = TestService.request()
    change(&request)
    let error = #expect(throws: ServiceError.self) { try service.submit(request) }
    #expect(error?.description.contains(word) == true)
  }

  @Test("what only the model can tell fails the job, and the next one is made")
  func failed() async throws {
    let service = try TestService.make()
    let job = try service.submit(TestService.request([TestService.control("class", .text("zebra"))]))
    let status = await service.end(of: job)
    #expect(status.state == .failed && status.error?.kind == .unprocessable)
    #expect(status.error?.description.contains("zebra") == true)
    var request = TestService.request()
    request.size = ImageSize(width: 100, height: 100)
    #expect(await service.end(of: try service.submit(request)).error?.description.contains("100x100") == true)
    #expect(await service.end(of: try service.submit(TestService.request())).state == .finished)
  }

  @Test("an edit goes through the queue, and keeps what it does not change")
  func edit() async throws {
    let service = try TestService.make()
    let first = try service.submit(TestService.request([TestService.control("class", .text("mug"))], seed: 1))
    _ = await service.end(of: first)
    let image = try TestService.image(first, of: service)
    var request = TestService.request([TestService.control("class", .text("mug"))], seed: 2)
    request.edit = Edit(
      image, boxes: [EditBox(x: .pixels(0), y: .pixels(0), width: .pixels(128), height: .pixels(256))], paste: .hard)
    let job = try service.submit(request)
    #expect(await service.end(of: job).state == .finished)
    let edited = try TestService.image(job, of: service)
    #expect(edited != image)
    let right = (0..<256).allSatisfy { y in
      (128..<256).allSatisfy { edited.pixels[(y * 256 + $0) * 3] == image.pixels[(y * 256 + $0) * 3] }
    }
    #expect(right)
  }

  @Test("a service that is drained finishes what it has and takes no more")
  func drain() async throws {
    let service = try TestService.make()
    let job = try service.submit(TestService.request(seed: 1, steps: 16))
    await service.drain(within: .seconds(60))
    #expect(job.status.state == .finished)
    let error = #expect(throws: ServiceError.self) { try service.submit(TestService.request()) }
    #expect(error?.kind == .unavailable)
  }
}
