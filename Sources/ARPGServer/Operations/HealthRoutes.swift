import ARPGService
import Foundation
import Hummingbird

/// What tells machines how the server is: alive, ready, and in numbers.
struct HealthRoutes: Sendable {
  let state: ServerState
  let metrics: PrometheusMetrics

  func add(to router: ServerRouter) {
    router.get("/healthz") { _, _ in Response.bytes(Data("ok\n".utf8), type: "text/plain") }
    router.get("/readyz") { _, _ in
      guard state.service.isReady else { throw ServiceError(.unavailable, "the server is not ready; ask again soon") }
      return Response.bytes(Data("ready\n".utf8), type: "text/plain")
    }
    router.get("/metrics") { _, _ in
      let load = state.service.load
      metrics.set("arpg_queue_images", Double(load.waiting))
      metrics.set("arpg_running_images", Double(load.running))
      metrics.set("arpg_model_bytes", Double(state.service.catalog.loadedBytes))
      metrics.set("arpg_result_bytes", Double(state.service.resultBytes))
      metrics.set("process_resident_memory_bytes", Double(Self.residentBytes))
      return Response.bytes(Data(metrics.text.utf8), type: "text/plain; version=0.0.4")
    }
  }

  /// The memory that the process has at the moment; 0 where the system does not tell.
  static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
