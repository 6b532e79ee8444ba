import ARPGImages
import ARPGTensor
import Foundation

/// The options of one adapter with the values they have, every one checked against its description, and its further inputs.
public struct OptionValues: Sendable {
  private let values: [String: String]
  private let inputs: [String: AdapterInput]

  /// Values for the options of an adapter: those given, the defaults for the rest.
  ///
  /// - Parameters:
  ///   - given: what a user wrote, by the names of options.
  ///   - inputs: further inputs, by the names of options; an image lies on the canvas of the request.
  ///   - descriptor: of the adapter.
  /// - Throws: ``OptionError`` for a name that the adapter does not have, a value out of range, an input of another kind, and
  ///   what must be given and is not.
  public init(
    _ given: [String: String] = [:], inputs: [String: AdapterInput] = [:], for descriptor: AdapterDescriptor
  ) throws {
    try descriptor.check(given, inputs: inputs.mapValues(\.kind))
    var values: [String: String] = [:]
    for option in descriptor.options { values[option.name] = given[option.name] ?? option.defaultValue }
    self.values = values
    self.inputs = inputs
  }

  /// The value of a number, whole or not. Traps where the adapter did not describe it as one.
  public func number(_ name: String) -> Double {
    guard let value = values[name].flatMap(Double.init) else { preconditionFailure("no number option \(name)") }
    return value
  }

  /// The value of a whole number. Traps where the adapter did not describe it as one.
  public func whole(_ name: String) -> Int {
    guard let value = values[name].flatMap({ Int($0) }) else { preconditionFailure("no whole number option \(name)") }
    return value
  }

  /// The value of a choice. Traps where the adapter did not describe it.
  public func choice(_ name: String) -> String {
    guard let value = values[name] else { preconditionFailure("no option \(name)") }
    return value
  }

  /// Whether a toggle is on. Traps where the adapter did not describe it as one.
  public func isOn(_ name: String) -> Bool {
    guard let value = values[name].flatMap({ OptionDescriptor.toggles[$0] }) else {
      preconditionFailure("no toggle option \(name)")
    }
    return value
  }

  /// A text; nil where it has no default and is not given.
  public func text(_ name: String) -> String? { values[name] }

  /// A colour; nil where it has no default and is not given.
  public func colour(_ name: String) -> RGBColour? { values[name].flatMap(RGBColour.init(parsing:)) }

  /// A further image, on the canvas; nil where it is not given.
  public func image(_ name: String) -> FittedImage? {
    if case .image(let image) = inputs[name] { return image }
    return nil
  }

  /// Further numbers in a shape; nil where they are not given.
  public func tensor(_ name: String) -> Tensor? {
    if case .tensor(let tensor) = inputs[name] { return tensor }
    return nil
  }

  /// The bytes of a further file; nil where it is not given.
  public func file(_ name: String) -> Data? {
    if case .file(let bytes) = inputs[name] { return bytes }
    return nil
  }
}

extension AdapterDescriptor {
  /// Checks what a user gave, before any file is read.
  ///
  /// - Parameters:
  ///   - values: of options that are no inputs, by name.
  ///   - inputs: the kinds of further inputs, by the names of options.
  /// - Throws: ``OptionError``.
  public func check(_ values: [String: String], inputs: [String: Input] = [:]) throws(OptionError) {
    for (name, text) in values.sorted(by: { $0.key < $1.key }) {
      let option = try option(name)
      guard option.accepts(text) else { throw .outOfRange(option, found: text, adapter: self.name) }
    }
    for (name, kind) in inputs.sorted(by: { $0.key < $1.key }) {
      let option = try option(name)
      guard option.input == kind else { throw .outOfRange(option, found: kind.phrase, adapter: self.name) }
    }
    for option in options where option.isRequired && values[option.name] == nil && inputs[option.name] == nil {
      throw .missing(option, adapter: name)
    }
  }

  private func option(_ name: String) throws(OptionError) -> OptionDescriptor {
    if let option = options.first(where: { $0.name == name }) { return option }
    throw .unknown(name, adapter: self.name, known: options.map(\.name))
  }
}

/// An option of an adapter that cannot be used as given.
public enum OptionError: Error, CustomStringConvertible {
  /// The adapter has no such option.
  case unknown(String, adapter: String, known: [String])
  /// The option does not take this value.
  case outOfRange(OptionDescriptor, found: String, adapter: String)
  /// The option must be given.
  case missing(OptionDescriptor, adapter: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .unknown(let name, let adapter, let known):
      known.isEmpty
        ? "\(adapter) has no option '\(name)'; it takes none"
        : "\(adapter) has no option '\(name)'"
          + (name.nearest(among: known).map { "; did you mean '\($0)'? It takes" } ?? "; it takes")
          + " \(known.joined(separator: ", "))"
    case .outOfRange(let option, let found, let adapter):
      "option \(option.name) of \(adapter) is '\(found.prefix(64))'; it takes \(option.range)"
    case .missing(let option, let adapter):
      "\(adapter) needs \(option.name): \(option.summary); give \(option.name)=VALUE, \(option.range)"
    }
  }
}
