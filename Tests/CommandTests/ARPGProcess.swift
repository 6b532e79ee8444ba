import Foundation
import Testing

/// The built program, run with arguments.
struct ARPGProcess {
  let status: Int32
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
    get throws {
      let folder = try #require(Bundle.main.executableURL).resolvingSymlinksInPath().deletingLastPathComponent()
      return folder.appendingPathComponent("arpg")
    }
  }

  /// Runs the program to its end.
  ///
  /// - Parameter seconds: after which it is killed, and the status is not 0.
  init(_ arguments: [String], in folder: URL, seconds: Double = 120) throws {
    try self.init(Self.executable, arguments, in: folder, seconds: seconds)
  }

  /// Runs several processes of the program that share out the work, to their end.
  static func group(of count: Int, _ arguments: [String], in folder: URL) throws -> ARPGProcess {
    let mpirun = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "\(count)", try executable.path]
    return try ARPGProcess(URL(fileURLWithPath: "/usr/bin/env"), mpirun + arguments, in: folder, seconds: 120)
  }

  private init(_ executable: URL, _ arguments: [String], in folder: URL, seconds: Double) throws {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let output = folder.appendingPathComponent(".stdout-\(UUID().uuidString)")
    let errors = folder.appendingPathComponent(".stderr-\(UUID().uuidString)")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < deadline { usleep(2000) }
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    self.output = try String(contentsOf: output, encoding: .utf8)
    self.errors = try String(contentsOf: errors, encoding: .utf8)
    for file in [output, errors] { try FileManager.default.removeItem(at: file) }
  }
}
