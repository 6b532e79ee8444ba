import ARPG
import Foundation

/// One line of a run's log.
package struct LogRecord: Codable, Sendable, Equatable {
  /// The number of the step.
  package var step: Int
  /// The mean loss since the line before.
  package var loss: Double
  /// The learning rate.
  package var learningRate: Double
  /// The norm of the gradients before clipping.
  package var gradientNorm: Double
  /// How fast it goes.
  package var samplesPerSecond: Double
  /// What the task measured.
  package var metrics: [String: Double]
  /// What was changed when the run was resumed before this line; nil for nothing.
  package var changes: [String]?

  /// What stands before the names of metrics that were measured on held-out data.
  static let heldOutPrefix = "held_out."

  private enum CodingKeys: String, CodingKey {
    case step, loss, metrics, changes
    case learningRate = "learning_rate"
    case gradientNorm = "gradient_norm"
    case samplesPerSecond = "samples_per_second"
  }
}

/// A file of JSON lines. What was written behind the step that a run is resumed from is removed then.
struct TrainingLog {
  private(set) var records: [LogRecord] = []
  private let path: String
  private let handle: FileHandle

  /// Opens the log of a run that has taken some steps.
  init(_ path: String, step: Int) throws {
    let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    records = text.split(separator: "\n").compactMap { line in
      try? JSONDecoder().decode(LogRecord.self, from: Data(line.utf8))
    }.filter { $0.step <= step }
    try AtomicFile.write(records.map(Self.line).joined().utf8, to: path)
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw FileError.unwritable(path: path, reason: "it cannot be opened")
    }
    try handle.seekToEnd()
    self.path = path
    self.handle = handle
  }

  /// Adds a line.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  mutating func append(_ record: LogRecord) throws {
    records.append(record)
    do { try handle.write(contentsOf: Data(try Self.line(record).utf8)) } catch {
      throw FileError.unwritable(path: path, reason: FileError.reason(of: error))
    }
  }

  private static func line(_ record: LogRecord) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
  }
}
