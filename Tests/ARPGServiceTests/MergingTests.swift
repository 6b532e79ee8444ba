import ARPG
import ARPGBuiltIns
import ARPGImageFiles
import ARPGService
import ARPGStarter
import Foundation
import Testing

@Suite struct MergingTests {
  /// Requests that differ in all that may differ within a batch.
  private static let requests: [ServiceRequest] = (0..<32).map { index in
    var controls: [GenerationRecord.Control] = []
    if index % 4 != 0 { controls.append(TestService.control("class", .text("\(index % 16)"))) }
    if index % 3 == 0 {
      controls.append(
        TestService.control(
          "canny", .image(TestService.sketch(20 + 2 * index)), strength: 0.5 + Float(index) / 32,
          to: index % 2 == 0 ? 1 : 0.6))
    }
    var request = TestService.request(controls, seed: UInt64(index / 2))
    request.number = index % 5
    request.settings.temperature = 0.8 + Float(index % 3) / 10
    request.settings.topP = index % 2 == 0 ? 0.6 : 0.9
    request.settings.guidance = 1.5 + Float(index % 4)
    return request
  }

  @Test("32 requests at once give, bit for bit, the images that each gives alone")
  func thirtyTwoAtOnce() async throws {
    let service = try TestService.make()
    let jobs = try Self.requests.map { try service.submit($0) }
    for job in jobs { #expect(await service.end(of: job).state == .finished) }
    let pipeline = Pipeline(
      try Model.load(Starter.path(), Registries.builtIn()), adapters: try Registries.builtIn().adapters)
    for (job, request) in zip(jobs, Self.requests) {
      let alone = try pipeline.prepare(request.controls.map(\.specification))
      let settings = request.settings.applied(to: pipeline.model.sampling(for: alone.active))
      let image = try pipeline.generate(alone, numbers: [request.number], settings: settings, seed: request.seed)[0]
        .image
      #expect(try TestService.image(job, of: service) == image)
    }
  }

  @Test("what cannot be merged comes in the order in which it was asked for")
  func order() async throws {
    let service = try TestService.make()
    let first = try service.submit(TestService.request(seed: 1, count: 2, steps: 12))
    let second = try service.submit(TestService.request(seed: 2, steps: 6))
    let third = try service.submit(TestService.request(seed: 3, steps: 12))
    var ends: [Date] = []
    for job in [first, second, third] { ends.append(try #require(await service.end(of: job).ended)) }
    #expect(ends == ends.sorted())
  }

  @Test("a request of more images than a batch holds gives all of them, those of a single request each")
  func many() async throws {
    var limits = ServiceLimits()
    limits.batch = 3
    let service = try TestService.make(limits: limits)
    let job = try service.submit(TestService.request(seed: 9, count: 7, steps: 4))
    let beside = try service.submit(TestService.request(seed: 10, count: 2, steps: 4))
    let status = await service.end(of: job)
    #expect(status.images.map(\.index).sorted() == Array(0..<7))
    #expect(await service.end(of: beside).images.count == 2)
    for index in 0..<7 {
      var single = TestService.request(seed: 9, steps: 4)
      single.number = index
      let alone = try service.submit(single)
      _ = await service.end(of: alone)
      #expect(try TestService.image(job, index, of: service) == TestService.image(alone, of: service))
    }
  }
}
