import Foundation
import Synchronization
import TestSupport
import Testing

/// The servers that run, which end with the tests: those that suites share are never let go of.
private final class RunningServers: Sendable {
  static let shared = RunningServers()
  private let processes = Mutex<Set<Int32>>([])

  private init() {
    atexit { RunningServers.shared.processes.withLock { for process in $0 { kill(process, SIGKILL) } } }
  }

  func add(_ process: Int32) { processes.withLock { _ = $0.insert(process) } }

  func remove(_ process: Int32) { processes.withLock { _ = $0.remove(process) } }
}

/// The built server, on a free port of this machine; stopped with the last reference.
final class TestServer: Sendable {
  let port: Int
  private let process = Process()
  let folder: TemporaryFolder

  /// Starts the server and waits until it is ready.
  init(_ arguments: [String] = [], environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    process.executableURL = try #require(Bundle.main.executableURL).resolvingSymlinksInPath()
      .deletingLastPathComponent()
      .appendingPathComponent("arpg-server")
    process.arguments = ["--port", "0", "--log-level", "warning"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    RunningServers.shared.add(process.processIdentifier)
    var line = ""
    while !line.contains("\n") {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty, "the server ended before it listened")
      line += String(decoding: data, as: UTF8.self)
    }
    port = try #require(line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) })
    let deadline = Date(timeIntervalSinceNow: 60)
    while try HTTPExchange("GET", "/readyz", on: port).status != 200 {
      try #require(Date() < deadline, "the server is not ready after a minute")
      usleep(20_000)
    }
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    RunningServers.shared.remove(process.processIdentifier)
  }

  /// Asks the server to stop and waits for it.
  ///
  /// - Returns: its exit code, or the signal that ended it as a negative number.
  func stop(_ signal: Int32) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// Whether it still runs.
  var isRunning: Bool { process.isRunning }

  /// The memory that it has now, in bytes.
  var residentBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
  }

  func get(_ path: String, _ headers: [String: String] = [:]) throws -> HTTPExchange {
    try HTTPExchange("GET", path, headers, on: port)
  }

  func post(_ path: String, json: String, _ headers: [String: String] = [:]) throws -> HTTPExchange {
    try HTTPExchange(
      "POST", path, ["Content-Type": "application/json"].merging(headers) { $1 }, body: Array(json.utf8), on: port)
  }
}
