import ARPG
import ARPGBuiltIns
import ARPGImageFiles
import ARPGServer
import ARPGService
import ARPGStarter
import ARPGTensor
import ArgumentParser
import Foundation
import Logging
import Metrics
import ServiceLifecycle

/// `arpg-server`: images over HTTP, and a page to draw on.
@main
struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arpg-server",
    abstract: "Serve images over HTTP, with a page to draw on.",
    discussion: """
      Without options it serves the bundled model at http://127.0.0.1:7860, to
      this machine alone. Every option can be given in the environment: ARPG_PORT
      for --port, ARPG_ALLOW_ORIGIN for --allow-origin; several values stand
      between commas.

      INTERFACES
        /api/v1         this server's own; /api/v1/openapi.json describes it
        /v1             OpenAI's images
        /sdapi/v1       the WebUI's, with ControlNet's units
        /metrics        numbers for Prometheus; /healthz and /readyz

      EXAMPLES
        arpg-server
        arpg-server --model models/arpg-l --model starter=models/starter
        arpg-server --host 0.0.0.0 --key-file key.txt --results results
      """, version: GenerationRecord.packageVersion)

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Models") var models: ServedModelOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions

  @Option(help: "What is logged at least: trace, debug, info, notice, warning, error.")
  var logLevel: String?

  func run() async throws {
    // A client that is gone must not end the process.
    signal(SIGPIPE, SIG_IGN)
    let logger = try self.logger()
    let options = try network.options(), catalog = try models.catalog()
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    if let threads = try Setting.number("threads", limits.threads, 1...1024) { Parallel.threads = threads }
    let service = try ImageService(
      catalog, limits: limits.serviceLimits(), results: Setting.text("results", limits.results),
      keepSeconds: limits.keepSeconds()
    ) { job, error in logger.error("generation failed", metadata: ["job": "\(job)", "error": "\(error)"]) }
    let server = try ImageServer(service, options, metrics: metrics, logger: logger) { port in
      let host = options.host.contains(":") ? "[\(options.host)]" : options.host
      try? FileHandle.standardOutput.write(contentsOf: Data("Listening on http://\(host):\(port)\n".utf8))
      do { try service.warmUp() } catch {
        logger.error("the default model cannot be read", metadata: ["error": "\(error)"])
      }
    }
    var group = ServiceGroupConfiguration(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(options.drainSeconds + 5)
    try await ServiceGroup(configuration: group).run()
  }

  private func logger() throws -> Logger {
    let text = Setting.text("log-level", logLevel) ?? "info"
    guard let level = Logger.Level(rawValue: text) else {
      throw ValidationError("--log-level is '\(text)'; it takes trace, debug, info, notice, warning or error")
    }
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "arpg-server")
    logger.logLevel = level
    return logger
  }
}
