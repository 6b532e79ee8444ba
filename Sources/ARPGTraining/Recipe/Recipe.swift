import ARPG
import Foundation

/// Settings of a kind of training as they stand in a file: a flat JSON object in which every key may be left out.
public protocol Recipe: Codable, Sendable {
  /// The settings that hold where nothing else is said.
  init()

  /// The settings that may change when a run is resumed.
  static var changeable: Set<String> { get }

  /// Former names of settings with those they have now; the former ones are still read.
  static var renamed: [String: String] { get }

  /// Checks every setting.
  ///
  /// - Throws: ``TrainingError/outOfRange(setting:found:expected:)``.
  func validate() throws
}

extension Recipe {
  /// Those of the loop.
  public static var renamed: [String: String] { LoopRecipe.renamed }
}

extension Recipe {
  /// Reads a recipe: a file, then settings given one by one, and defaults for all others.
  ///
  /// - Parameters:
  ///   - path: a JSON file; nil for none.
  ///   - overrides: keys with values as they stand in JSON; what is no JSON is a text, or a list of
  ///     texts between commas.
  ///   - note: is told of settings that have another name now.
  ///   - defaults: the defaults, which may depend on what is given.
  /// - Throws: ``TrainingError`` for a key that does not exist, with the nearest that does, or a value that does not suit.
  public static func load(
    _ path: String?, overrides: [(key: String, value: String)] = [], note: (String) -> Void = { _ in },
    defaults: (_ given: [String: JSONValue]) throws -> Self = { _ in Self() }
  ) throws -> Self {
    guard case .object(let known) = try JSONValue(encoding: Self()) else { return Self() }
    var given: [String: JSONValue] = [:]
    func set(_ name: String, _ value: JSONValue, source: String) throws {
      let key = renamed[name] ?? name
      if key != name { note("\(source): the setting \(name) is now called \(key)") }
      guard known[key] != nil else {
        let known = known.keys.sorted()
        throw TrainingError.unknownKey(source: source, key: key, nearest: key.nearest(among: known), known: known)
      }
      if case .array = known[key], case .string(let list) = value {
        given[key] = .array(list.split(separator: ",").map { .string(String($0)) })
      } else {
        given[key] = value
      }
    }
    if let path {
      for (key, value) in try read(path).sorted(by: { $0.key < $1.key }) { try set(key, value, source: path) }
    }
    for override in overrides {
      let value = try? JSONDecoder().decode(JSONValue.self, from: Data(override.value.utf8))
      try set(override.key, value ?? .string(override.value), source: "--set \(override.key)=\(override.value)")
    }
    guard case .object(let settings) = try JSONValue(encoding: defaults(given)) else { return Self() }
    do {
      let recipe: Self = try JSONValue.object(settings.merging(given) { $1 }).decode()
      try recipe.validate()
      return recipe
    } catch let error as ConfigurationError {
      throw TrainingError.recipe(source: path ?? "the settings", reason: "\(error)")
    }
  }

  private static func read(_ path: String) throws -> [String: JSONValue] {
    let text = try MappedFile(path, maxBytes: 1 << 20).withBytes { Data($0) }
    guard case .object(let settings)? = try? JSONDecoder().decode(JSONValue.self, from: text) else {
      throw TrainingError.recipe(source: path, reason: "it is no JSON object; expected {\"KEY\": VALUE, ...}")
    }
    return settings
  }
}

extension TrainingError {
  /// Throws unless a setting is as it should be.
  package static func require(_ holds: Bool, _ setting: String, _ found: some Any, _ expected: String) throws {
    guard holds else { throw TrainingError.outOfRange(setting: setting, found: "\(found)", expected: expected) }
  }
}
