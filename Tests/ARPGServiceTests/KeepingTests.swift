import ARPG
import ARPGService
import Foundation
import TestSupport
import Testing

@Suite struct KeepingTests {
  @Test("results in a folder are whole files that are forgotten in time, with those that a run left that was killed")
  func folder() async throws {
    let folder = try TemporaryFolder()
    let stranger = folder.file("mine.png"), old = folder.file("\(String(repeating: "a", count: 32))-0.png")
    let part = folder.file("\(String(repeating: "b", count: 32))-0.png.123-456.part")
    for path in [stranger, old, part] {
      try Data("x".utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -500)], ofItemAtPath: path)
    }
    let service = try TestService.make(results: folder.path, keepSeconds: 1)
    #expect(try folder.contents == ["mine.png"])
    let job = try service.submit(TestService.request(count: 2, steps: 2))
    _ = await service.end(of: job)
    #expect(try folder.contents.count == 3)
    _ = try TestService.image(job, 1, of: service)
    try await Task.sleep(for: .milliseconds(1100))
    service.sweep()
    #expect(try folder.contents == ["mine.png"])
    #expect(throws: ServiceError.self) { try service.job(job.id) }
  }

  @Test("results beyond the limit of bytes are forgotten, the oldest first, and images of requests when they are made")
  func bytes() async throws {
    var limits = ServiceLimits()
    limits.resultBytes = 150_000
    let service = try TestService.make(limits: limits)
    var jobs: [Job] = []
    for seed in 0..<4 {
      let control = TestService.control("canny", .image(TestService.sketch(60)))
      jobs.append(try service.submit(TestService.request([control], seed: UInt64(seed), count: 2, steps: 2)))
      _ = await service.end(of: jobs[seed])
    }
    service.sweep()
    #expect(throws: ServiceError.self) { try service.job(jobs[0].id) }
    #expect(try service.job(jobs[3].id) === jobs[3])
    #expect(jobs.allSatisfy { $0.request.controls.isEmpty })
  }

  @Test("requests whose images take too much memory together are refused while others wait")
  func pixels() throws {
    var limits = ServiceLimits()
    limits.queuePixels = 100_000
    let service = try TestService.make(limits: limits)
    let control = TestService.control("canny", .image(TestService.sketch(60)))
    var refused: ServiceError?
    do { for _ in 0..<6 { _ = try service.submit(TestService.request([control], steps: 256)) } } catch {
      refused = error
    }
    guard case .busy? = refused?.kind else {
      Issue.record("expected a refusal, found \(refused?.description ?? "none")")
      return
    }
  }

  @Test("models are read when they are asked for, and make room for each other")
  func models() async throws {
    let service = try TestService.make(names: ["one", "two", "three"], memoryLimit: 120_000_000)
    let models = service.catalog.models
    #expect(models.allSatisfy { !$0.isLoaded })
    for name in ["one", "two", "three", "one"] {
      var request = TestService.request(steps: 1)
      request.model = name
      #expect(await service.end(of: try service.submit(request)).state == .finished)
      #expect(models.first { $0.name == name }?.isLoaded == true)
    }
    #expect(models.count { $0.isLoaded } == 2 && service.catalog.loadedBytes <= 120_000_000)
    #expect(models.map(\.isLoaded) == [true, false, true])
  }

  @Test("two models of one name, and none, are refused")
  func names() throws {
    #expect(throws: ServiceError.self) { try TestService.make(names: ["one", "one"]) }
    #expect(throws: ServiceError.self) { try TestService.make(names: []) }
  }

  @Test("what an adapter sees of an input can be looked at")
  func preview() throws {
    let service = try TestService.make()
    let (image, _) = try service.preview(ControlSpecification("canny", .image(TestService.sketch(60))))
    #expect(image.width == 256 && image.isGrey)
    let error = #expect(throws: ServiceError.self) {
      try service.preview(ControlSpecification("canny", .image(TestService.sketch(60)), options: ["low": "-5"]))
    }
    #expect(error?.kind == .unprocessable && error?.description.contains("low") == true)
  }
}
