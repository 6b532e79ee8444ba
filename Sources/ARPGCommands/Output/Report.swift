import ARPG
import Foundation
import Logging

/// What a command tells: results on standard output, notes on standard error.
struct Report {
  private let options: ReportOptions
  private let logger: Logger

  init(_ options: ReportOptions) {
    self.options = options
    var logger = Logger(label: "arpg", factory: StandardErrorLog.init)
    logger.logLevel = options.quiet || !CommandContext.processes.isFirst ? .error : .info
    self.logger = logger
  }

  /// Something the user should know that is no result.
  func note(_ text: String) { logger.info("\(text)") }

  /// Prints lines, or an object where `--json` was given.
  func results(_ lines: [String], json: @autoclosure () throws -> JSONValue) throws {
    if options.json {
      print(try json().text)
    } else {
      for line in lines { print(line) }
    }
  }
}

extension JSONValue {
  /// The value as JSON text, keys sorted.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
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
    FileHandle.standardError.write(Data("\(event.message)\n".utf8))
  }
}
