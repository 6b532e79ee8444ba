import ARPG
import Foundation

/// The folder of a run:
///
///     checkpoint-00001000.safetensors   the last two states, to resume from
///     recipe.json                       the settings that it was begun with
///     log.jsonl                         a line for every few steps
///     loss.svg                          the curve of the loss
///     model/                            a model of the present weights
///     skipped.txt                       data that could not be read
///     samples/00001000.png              images of the present weights
struct RunFolder: Sendable {
  let path: String

  /// Opens the folder, made where there is none.
  init(_ path: String) throws {
    self.path = path
    try Folder.make(path)
  }

  /// Keeps other processes from training in the folder as long as the lock lives; the system takes it from a process that is
  /// killed.
  ///
  /// - Throws: ``TrainingError/locked(path:)`` where another process has it.
  func lock() throws -> RunLock { try RunLock("\(path)/.lock", folder: path) }

  /// Removes what a killed process had not finished writing.
  func clean() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.wholeMatch(of: /checkpoint-[0-9]+\.safetensors\.[0-9]+-[0-9]+\.part/) != nil {
      unlink("\(path)/\(name)")
    }
  }

  var log: String { "\(path)/log.jsonl" }
  var curve: String { "\(path)/loss.svg" }
  var skipped: String { "\(path)/skipped.txt" }
  var model: String { "\(path)/model" }
  var recipe: String { "\(path)/recipe.json" }

  /// Where the sheet of a step goes.
  func samples(step: Int) throws -> String {
    try Folder.make("\(path)/samples")
    return "\(path)/samples/\(Self.number(step)).png"
  }

  /// The latest sheet of a step and those before it; nil for none.
  func latestSample(through step: Int) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/samples")) ?? []
    let steps = names.compactMap { $0.wholeMatch(of: /([0-9]{8,12})\.png/).flatMap { Int($0.1) } }
    return steps.filter { $0 <= step }.max().map { "\(path)/samples/\(Self.number($0)).png" }
  }

  private static func number(_ step: Int) -> String {
    let digits = String(step)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// The steps of the checkpoints there are, latest first.
  func checkpoints() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { $0.wholeMatch(of: /checkpoint-([0-9]{8,12})\.safetensors/).flatMap { Int($0.1) } }
      .sorted(by: >)
  }

  func checkpoint(step: Int) -> String { "\(path)/checkpoint-\(Self.number(step)).safetensors" }

  /// Writes a state, then removes all but the last two.
  func save(_ state: TrainingState, groups: [ParameterGroup]) throws {
    try state.write(to: checkpoint(step: state.step), groups: groups)
    for step in checkpoints().filter({ $0 <= state.step }).dropFirst(2) { unlink(checkpoint(step: step)) }
  }

  /// The latest state that can be read; a broken one is reported, and the one before taken.
  ///
  /// - Throws: where there are checkpoints and none can be read.
  func latest(groups: [ParameterGroup], note: (String) -> Void) throws -> TrainingState? {
    var failure: (any Error)?
    for step in checkpoints() {
      do { return try TrainingState(contentsOf: checkpoint(step: step), groups: groups) } catch {
        note("\(error); trying the checkpoint before")
        failure = error
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Checks that the run was begun with a recipe, or notes it where the run begins. Some settings may differ, some may have another
  /// name there, and those that are as usual may be absent.
  ///
  /// - Returns: the settings that have changed, with their former and present values.
  /// - Throws: ``TrainingError/otherRun(path:setting:found:expected:)``.
  func keep(
    recipe: JSONValue, defaults: JSONValue, changeable: Set<String>, renamed: [String: String] = [:]
  ) throws -> [String] {
    var changes: [String] = []
    if let data = FileManager.default.contents(atPath: self.recipe), !checkpoints().isEmpty {
      guard case .object(let stored)? = try? JSONDecoder().decode(JSONValue.self, from: data),
        case .object(let new) = recipe
      else {
        throw TrainingError.recipe(source: self.recipe, reason: "it is no JSON object; expected the run's recipe")
      }
      let usual = if case .object(let defaults) = defaults { defaults } else { [String: JSONValue]() }
      let old = Dictionary(stored.map { (renamed[$0.key] ?? $0.key, $0.value) }) { first, _ in first }
      for key in Set(old.keys).union(new.keys).sorted() where old[key] ?? .null != new[key] ?? .null {
        // Runs of before do not have settings that came since.
        if old[key] == nil, key == Self.dataKey || changeable.contains(key) || new[key] == usual[key] { continue }
        guard changeable.contains(key) else {
          throw TrainingError.otherRun(path: path, setting: key, found: new[key].text, expected: old[key].text)
        }
        changes.append("\(key) \(old[key].text) is now \(new[key].text)")
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(recipe) + [UInt8(ascii: "\n")], to: self.recipe)
    return changes
  }

  /// The key of the data's fingerprint beside the settings.
  static let dataKey = "data_fingerprint"
}

/// The lock of a run's folder.
final class RunLock: Sendable {
  private let descriptor: Int32

  fileprivate init(_ path: String, folder: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    // A lock of the process: the same process may open a run anew.
    var whole = flock()
    whole.l_type = Int16(F_WRLCK)
    whole.l_whence = Int16(SEEK_SET)
    guard fcntl(descriptor, F_SETLK, &whole) == 0 else {
      close(descriptor)
      throw TrainingError.locked(path: folder)
    }
  }

  deinit { close(descriptor) }
}

extension JSONValue? {
  /// The value as it stands in a file.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let self, let data = try? encoder.encode(self) else { return "nothing" }
    return String(decoding: data, as: UTF8.self)
  }
}
