import ARPG
import ARPGService

extension ServedModel {
  /// The adapters that take an image: those that units can be.
  var imageAdapters: [AdapterDescriptor] { adapters.map(\.descriptor).filter { $0.input == .image } }
}

/// What ControlNet's models and modules are among the adapters.
package enum ControlNetName {
  /// The module that leaves an image as it is.
  package static let none = "none"
  private static let mostCharacters = 256

  /// The adapter that a unit means: that whose name is within the name of the unit's model, otherwise within that of its module;
  /// the first where neither is named.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` with the names that there are.
  package static func adapter(
    model: String?, module: String?, among adapters: [AdapterDescriptor]
  ) throws(ServiceError) -> AdapterDescriptor {
    let names = [model, module].compactMap { $0.map { String($0.prefix(mostCharacters)) } }
      .filter { !$0.isEmpty && $0.lowercased() != none }
    if let found = names.lazy.compactMap({ adapter(called: $0, among: adapters) }).first { return found }
    guard names.isEmpty, let first = adapters.first else {
      throw ServiceError(
        .unprocessable,
        "no control is called '\(names.joined(separator: "' or '").prefix(128))'; there is "
          + (adapters.isEmpty ? "none" : adapters.map(\.name).joined(separator: ", ")))
    }
    return first
  }

  /// The adapter whose name is within another, the longest of several, as in `control_canny-fp16 [e3fe7712]`; otherwise one whose
  /// name begins with a word of it, as `segmentation` does with that of `seg_ade20k`.
  private static func adapter(called name: String, among adapters: [AdapterDescriptor]) -> AdapterDescriptor? {
    let name = name.lowercased()
    if let found = adapters.filter({ name.contains($0.name) }).max(by: { $0.name.count < $1.name.count }) {
      return found
    }
    let words: [Substring] = name.split(whereSeparator: { !$0.isLetter }).filter { $0.count >= 3 }
    return adapters.first { adapter in words.contains { adapter.name.hasPrefix($0) } }
  }

  /// The first two options of an adapter that are numbers.
  package static func thresholds(of adapter: AdapterDescriptor) -> [OptionDescriptor] {
    Array(adapter.options.lazy.filter { $0.bounds != nil }.prefix(2))
  }

  /// The options that thresholds set. A value out of an option's range sets nothing, as in ControlNet, whose clients send values that
  /// suit one module to all.
  package static func options(of adapter: AdapterDescriptor, thresholds values: [Double?]) -> [String: String] {
    var options: [String: String] = [:]
    for (option, value) in zip(thresholds(of: adapter), values) {
      options[option.name] = value.flatMap { option.nearest(to: $0) }
    }
    return options
  }
}

extension OptionDescriptor {
  /// The least and the largest value that it takes, where these are numbers.
  var bounds: ClosedRange<Double>? {
    switch kind {
    case .number(let range, _): range
    case .whole(let range, _): Double(range.lowerBound)...Double(range.upperBound)
    default: nil
    }
  }

  /// The value on a step that is nearest to a number, as a text; nil for a number out of the range.
  fileprivate func nearest(to number: Double) -> String? {
    switch kind {
    case .number(let range, let step):
      guard range.contains(number) else { return nil }
      return "\(step.map { range.lowerBound + ((number - range.lowerBound) / $0).rounded() * $0 } ?? number)"
    case .whole(let range, let step):
      guard let whole = Int(exactly: number.rounded()), range.contains(whole) else { return nil }
      return String(whole - (whole - range.lowerBound) % step)
    default: return nil
    }
  }
}
