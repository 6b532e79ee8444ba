import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

/// A folder for one test, with the inputs that the package ships.
final class Workplace {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  var folder: URL { URL(fileURLWithPath: temporary.path) }

  /// Runs the program in the folder and expects success.
  @discardableResult
  func run(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> ARPGProcess {
    let process = try ARPGProcess(arguments, in: folder)
    #expect(process.status == 0, "\(arguments): \(process.errors)", sourceLocation: sourceLocation)
    return process
  }

  /// Runs the program and expects a refusal: an exit code other than 0, one line of error that says what is expected, and
  /// no file left behind.
  @discardableResult
  func refuse(
    _ arguments: String..., saying words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let before = try files()
    let process = try ARPGProcess(arguments, in: folder, seconds: 20)
    #expect(
      (1...64).contains(process.status), "\(arguments) ended with \(process.status)", sourceLocation: sourceLocation)
    let message = process.errors.split(separator: "\n").first { $0.hasPrefix("Error: ") }.map(String.init) ?? ""
    #expect(!message.isEmpty, "\(arguments) said: \(process.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(message.contains(word), "'\(message)' does not say '\(word)'", sourceLocation: sourceLocation)
    }
    #expect(process.output.isEmpty, sourceLocation: sourceLocation)
    #expect(try files() == before, sourceLocation: sourceLocation)
    return message
  }

  /// Runs the program, interrupts it once it is at work, and expects it to end with code 130.
  ///
  /// - Parameter isAtWork: is given what was written to standard error so far.
  func interrupt(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation, when isAtWork: (String) -> Bool
  ) throws {
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent("arpg-stderr-\(UUID().uuidString)")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    let process = Process()
    process.executableURL = try ARPGProcess.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 60)
    while process.isRunning, Date() < deadline, !isAtWork((try? String(contentsOf: errors, encoding: .utf8)) ?? "") {
      usleep(2000)
    }
    process.interrupt()
    process.waitUntilExit()
    #expect(
      process.terminationReason == .exit && process.terminationStatus == 130, sourceLocation: sourceLocation)
  }

  /// The names of all files in the folder.
  func files() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// An image in the folder.
  func image(_ name: String) throws -> Image { try ImageFile.read(path(name)) }

  /// A trace in the folder.
  func trace(_ name: String) throws -> Checkpoint { try Checkpoint.open(path(name)) }

  /// A file of the package's examples.
  static func example(_ name: String) -> String {
    Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("examples/sketches")
      .appendingPathComponent(name).path
  }
}
