import Foundation
import Testing

/// The built program, run with arguments.
struct ARPGProcess {
  let status: Int32
  /// Standard output, as bytes and as text.
  let bytes: Data
  let output: String
  let errors: String

  /// The lines on standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// Standard output as JSON.
  func json() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(value as? [String: Any])
  }

  /// The program, which the build puts beside the tests.
  static var executable: URL {
    get throws { try executable(named: "arpg") }
  }

  private static func executable(named name: String) throws -> URL {
    let folder = try #require(Bundle.main.executableURL).resolvingSymlinksInPath().deletingLastPathComponent()
    return folder.appendingPathComponent(name)
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - program: its name among those of the package.
  ///   - input: the path of a file that is standard input; nil for nothing.
  ///   - environment: variables beside those that the tests have.
  ///   - seconds: after which it is killed, and the status is not 0.
  init(
    program: String = "arpg", _ arguments: [String], in folder: URL, input: String? = nil,
    environment: [String: String] = [:],
    seconds: Double = 120
  ) throws {
    try self.init(
      Self.executable(named: program), arguments, in: folder, input: input, environment: environment, seconds: seconds)
  }

  /// Runs the program to its end and gives the most memory that it held, in bytes, as the system tells while it runs.
  static func peakMemory(_ arguments: [String], in folder: URL) throws -> Int {
    let process = Process()
    process.executableURL = try executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var peak = 0
    while process.isRunning {
      let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      if let line = status?.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }) {
        peak = max(peak, Int(line.filter(\.isNumber)) ?? 0)
      }
      usleep(1000)
    }
    try #require(process.terminationStatus == 0 && peak > 0, "\(arguments) ended with \(process.terminationStatus)")
    return peak * 1024
  }

  /// Runs several processes of the program that share out the work, to their end.
  static func group(of count: Int, _ arguments: [String], in folder: URL) throws -> ARPGProcess {
    let mpirun = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "\(count)", try executable.path]
    return try ARPGProcess(URL(fileURLWithPath: "/usr/bin/env"), mpirun + arguments, in: folder, seconds: 120)
  }

  private init(
    _ executable: URL, _ arguments: [String], in folder: URL, input: String? = nil,
    environment: [String: String] = [:], seconds: Double
  ) throws {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    let output = folder.appendingPathComponent(".stdout-\(UUID().uuidString)")
    let errors = folder.appendingPathComponent(".stderr-\(UUID().uuidString)")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) } ?? FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < deadline { usleep(2000) }
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    bytes = try Data(contentsOf: output)
    self.output = String(decoding: bytes, as: UTF8.self)
    self.errors = try String(contentsOf: errors, encoding: .utf8)
    for file in [output, errors] { try FileManager.default.removeItem(at: file) }
  }
}
