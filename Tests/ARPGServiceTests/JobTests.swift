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

  /// Waits on this thread: others may keep those of tasks busy.
  private func wait(_ what: String, until isSo: () -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: 60)
    while !isSo() {
      try #require(Date() < deadline, "\(what) takes more than a minute")
      usleep(500)
    }
  }

  @Test("a job is cancelled between two steps, and others of its batch are not")
  func cancel() throws {
    let service = try TestService.make()
    let blocker = try service.submit(TestService.request(seed: 1, count: 8, steps: 256))
    let doomed = try service.submit(TestService.request(seed: 2, steps: 200))
    let other = try service.submit(TestService.request(seed: 3, steps: 200))
    try wait("the first step") { blocker.status.progress > 0 }
    service.cancel(blocker)
    try wait("its end") { blocker.status.state.isEnd }
    #expect(blocker.status.state == .cancelled && blocker.status.images.isEmpty)
    try wait("the second job") { doomed.status.progress > 0 }
    service.cancel(doomed)
    try wait("the end") { doomed.status.state.isEnd && other.status.state.isEnd }
    #expect(doomed.status.state == .cancelled && other.status.state == .finished)
    let alone = try service.submit(TestService.request(seed: 3, steps: 200))
    try wait("the same alone") { alone.status.state.isEnd }
    #expect(try TestService.image(other, of: service) == TestService.image(alone, of: service))
    #expect(throws: ServiceError.self) { try service.file(of: doomed, index: 0) }
  }

  @Test("a full queue refuses with a time to wait; one that waits alone is taken however large it is")
  func full() throws {
    var limits = ServiceLimits()
    limits.queue = 3
    let service = try TestService.make(limits: limits)
    var jobs = [try service.submit(TestService.request(seed: 0, count: 8, steps: 256))]
    var refused: ServiceError?
    do {
      for seed in 1..<6 {
        jobs.append(try service.submit(TestService.request(seed: UInt64(seed), count: 2, steps: 256)))
      }
    } catch { refused = error }
    guard case .busy(let seconds)? = refused?.kind else {
      Issue.record("expected a refusal, found \(refused?.description ?? "none")")
      return
    }
    #expect(seconds >= 1)
    for job in jobs { service.cancel(job) }
  }

  @Test("what cannot be made is told at once")
  func refused() throws {
    let service = try TestService.make()
    func refuse(_ word: String, _ change: (inout ServiceRequest) -> Void) {
      var request = TestService.request()
      change(&request)
      let error = #expect(throws: ServiceError.self) { try service.submit(request) }
      #expect(error?.description.contains(word) == true)
    }
    refuse("count") { $0.count = 0 }
    refuse("nosuch") { $0.model = "nosuch" }
    refuse("steps") { $0.settings.steps = 0 }
    refuse("steps") { $0.settings.steps = 100_000 }
    refuse("temperature") { $0.settings.temperature = -1 }
    refuse("nosuch") { $0.controls = [TestService.control("nosuch", .text("mug"))] }
    refuse("image") { $0.controls = [TestService.control("canny", .text("mug"))] }
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
    let right = (0..<256).map { ($0 * 256 + 128) * 3..<($0 + 1) * 256 * 3 }
    #expect(right.allSatisfy { edited.pixels[$0] == image.pixels[$0] })
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
