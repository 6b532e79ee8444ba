import ARPGFiles
import Foundation
import Synchronization

/// The files of images that were made, in memory or in a folder, until they are forgotten.
///
/// In a folder each image is a file `JOB-INDEX.png` that appears whole or not at all. What an earlier run left there is removed as it
/// grows old, and so is what a run left that was killed while it wrote.
final class ResultStore: Sendable {
  private let folder: URL?
  private let memory = Mutex<[String: Data]>([:])
  private let sizes = Mutex<[String: Int]>([:])

  /// The bytes of all files that are kept.
  var bytes: Int { sizes.withLock { $0.values.reduce(0, +) } }

  /// A store in memory, or in a folder that is made where it is not there.
  ///
  /// - Throws: ``ServiceError`` where the folder cannot be written to.
  init(folder path: String?) throws(ServiceError) {
    folder = path.map { URL(fileURLWithPath: $0, isDirectory: true) }
    guard let folder, let path else { return }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try AtomicFile.checkWritable(folder.appendingPathComponent("check").path)
    } catch {
      throw ServiceError(.unprocessable, "the folder of results \(path) cannot be written to: \(error)")
    }
  }

  /// Keeps the file of an image.
  func add(_ file: Data, job: String, index: Int) throws {
    let name = Self.name(job, index)
    sizes.withLock { $0[name] = file.count }
    guard let folder else { return memory.withLock { $0[name] = file } }
    try AtomicFile.write(file, to: folder.appendingPathComponent(name).path)
  }

  /// The file of an image; nil where it is not kept.
  func file(job: String, index: Int) -> Data? {
    let name = Self.name(job, index)
    guard let folder else { return memory.withLock { $0[name] } }
    return try? Data(contentsOf: folder.appendingPathComponent(name))
  }

  /// Forgets the images of a job.
  func remove(job: String, count: Int) {
    for index in 0..<count {
      let name = Self.name(job, index)
      guard sizes.withLock({ $0.removeValue(forKey: name) }) != nil else { continue }
      if let folder {
        try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      } else {
        memory.withLock { _ = $0.removeValue(forKey: name) }
      }
    }
  }

  /// Removes files of earlier runs that are older than some seconds, and all that were left unfinished.
  func sweep(olderThan seconds: Double) {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return }
    for name in names where name.wholeMatch(of: /[0-9a-f]{32}-[0-9]+\.png(\.[0-9]+-[0-9]+\.part)?/) != nil {
      let file = folder.appendingPathComponent(name)
      let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
      guard let written = attributes?[.modificationDate] as? Date else { continue }
      let most = name.hasSuffix(".part") ? Self.mostSecondsOfWriting : seconds
      if Date().timeIntervalSince(written) > most { try? FileManager.default.removeItem(at: file) }
    }
  }

  /// After this time nobody is writing a file any more.
  private static let mostSecondsOfWriting = 60.0

  private static func name(_ job: String, _ index: Int) -> String { "\(job)-\(index).png" }
}
