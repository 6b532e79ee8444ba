/// The controls of requests that differ in strengths, windows and options alone: an input is read and encoded once for each
/// set of its options, and what is encoded is kept.
public final class ControlVariants {
  private let pipeline: Pipeline
  private let fit: ImageFit
  /// What was encoded of each control, by its options.
  private var encoded: [[[String: String]: PreparedControls]] = []

  /// Controls for a pipeline, brought to the shape of its images by one rule.
  public init(_ pipeline: Pipeline, fit: ImageFit = .crop) {
    self.pipeline = pipeline
    self.fit = fit
  }

  /// The controls as ``Pipeline/prepare(_:fit:)`` gives them.
  ///
  /// - Parameter specifications: in every call the same adapters, inputs and regions in the same order, which are looked at
  ///   once.
  /// - Throws: as ``Pipeline/prepare(_:fit:)``.
  public func prepare(_ specifications: [ControlSpecification]) throws -> PreparedControls {
    if encoded.count < specifications.count {
      encoded += Array(repeating: [:], count: specifications.count - encoded.count)
    }
    let parts = try specifications.enumerated().map { index, specification in
      if let known = encoded[index][specification.options] { return known }
      let prepared = try pipeline.prepare([specification], fit: fit)
      encoded[index][specification.options] = prepared
      return prepared
    }
    let active = zip(specifications, parts).flatMap { specification, part in
      part.active.map { control in
        var control = control
        control.take(specification)
        return (specification.adapter, control)
      }
    }
    return try PreparedControls(active, inputs: parts.flatMap(\.inputs), notes: parts.flatMap(\.notes))
  }
}
