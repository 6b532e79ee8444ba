import ARPG
import Foundation
import Logging

/// What a command tells: results on standard output; notes on standard error, or among the results where they are JSON.
final class Report {
  private let options: ReportOptions
  private let logger: Logger
  private var notes: [String] = []

  init(_ options: ReportOptions) {
    self.options = options
    var logger = Logger(label: "arpg", factory: StandardErrorLog.init)
    logger.logLevel = options.quiet || !CommandContext.processes.isFirst ? .error : .info
    self.logger = logger
  }

  /// Something the user should know that is no result.
  func note(_ text: String) {
    if options.json { notes.append(text) } else { logger.info("\(text)") }
  }

  /// How far long work has come, in a line of its own on standard error.
  func progress(_ text: String) { logger.info("\(text)") }

  /// Prints lines, or an object where `--json` was given: with `notes` where there are any.
  ///
  /// - Throws: where standard output cannot be written.
  func results(_ lines: [String], json: @autoclosure () throws -> JSONValue) throws {
    guard options.json else { return try StandardStreams.result(lines.map { $0 + "\n" }.joined()) }
    var value = try json()
    if case .object(var object) = value, !notes.isEmpty {
      object["notes"] = .array(notes.map(JSONValue.string))
      value = .object(object)
    }
    try StandardStreams.result(value.text + "\n")
  }
}

/// Writes messages to standard error as plain lines.
private struct StandardErrorLog: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  init(_ label: String) {}

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    StandardStreams.message("\(event.message)\n")
  }
}
