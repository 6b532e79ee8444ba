/// What scenes show.
public enum SceneKind: String, Codable, Sendable, CaseIterable {
  /// One object of one of 16 classes; see ``SceneClass``.
  case classes
  /// Objects of any shape, without a class: figures made thick, creatures, turned bodies, free unions, things of daily
  /// life; some are those of the classes.
  case shapes
}

/// How often scenes are of each kind.
public struct SceneMixture: Sendable, Equatable {
  /// The share of each kind that occurs, over 0; together they are 1.
  public let shares: [SceneKind: Double]

  /// Scenes of one kind alone.
  public init(_ kind: SceneKind) { shares = [kind: 1] }

  /// Scenes of several kinds.
  ///
  /// - Parameter weights: how often each kind occurs in proportion to the others; those of 0 do not occur.
  /// - Throws: ``SceneMixtureError`` where a weight is under 0 or not finite, or none is over 0.
  public init(_ weights: [SceneKind: Double]) throws {
    for (kind, weight) in weights where !(0...1e9).contains(weight) { throw SceneMixtureError.weight(kind, weight) }
    let total = weights.values.reduce(0, +)
    guard total > 0 else { throw SceneMixtureError.nothing }
    shares = weights.filter { $0.value > 0 }.mapValues { $0 / total }
  }

  /// The kind that a number in 0 ..< 1 stands for.
  func kind(at number: Double) -> SceneKind {
    var rest = number
    for kind in SceneKind.allCases {
      rest -= shares[kind] ?? 0
      if rest < 0 { return kind }
    }
    return SceneKind.allCases.last { shares[$0] != nil } ?? .classes
  }
}

/// Kinds of scenes that cannot be mixed.
public enum SceneMixtureError: Error, CustomStringConvertible, Equatable {
  /// A weight that is none.
  case weight(SceneKind, Double)
  /// No kind has a weight over 0.
  case nothing

  /// What was found, and what was expected.
  public var description: String {
    switch self {
    case .weight(let kind, let weight): "the share of \(kind.rawValue) is \(weight); it takes 0 to 1e9"
    case .nothing: "no kind of scenes has a share over 0; give one at least"
    }
  }
}
