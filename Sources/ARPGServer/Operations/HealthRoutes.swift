import ARPGService
import Foundation
import Hummingbird

/// What tells machines how the server is: alive, ready, and in numbers.
struct HealthRoutes: Sendable {
  let state: ServerState
  let metrics: PrometheusMetrics

  func add(to router: ServerRouter) {
    router.get("/healthz") { _, _ in
      Response(status: .ok, headers: [.contentType: "text/plain"], body: .init(byteBuffer: .init(string: "ok\n")))
    }
    router.get("/readyz") { _, _ in
      guard state.service.isReady else { throw ServiceError(.unavailable, "the server is not ready; ask again soon") }
      return Response(
        status: .ok, headers: [.contentType: "text/plain"], body: .init(byteBuffer: .init(string: "ready\n")))
    }
    router.get("/metrics") { _, _ in
      let load = state.service.load
      metrics.set("arpg_queue_images", Double(load.waiting))
      metrics.set("arpg_running_images", Double(load.running))
      metrics.set("arpg_model_bytes", Double(state.service.catalog.loadedBytes))
      metrics.set("arpg_result_bytes", Double(state.service.resultBytes))
      metrics.set("process_resident_memory_bytes", Double(Self.residentBytes))
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
        body: .init(byteBuffer: .init(string: metrics.text)))
    }
  }

  /// The memory that the process has at the moment; 0 where the system does not tell.
  static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
