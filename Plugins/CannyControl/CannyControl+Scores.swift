import ARPG

/// How well an image follows edges: what its own edges, with the default thresholds, have in common with those given, whose
/// pixels above the middle grey count.
///
/// Source: ControlAR, arXiv 2410.02705, section 4.1.
extension CannyControl: ScoredAdapter {
  /// F1 of edges, exact and with a tolerance.
  public var scores: [ScoreDescriptor] {
    [
      ScoreDescriptor("f1", "F1 of Canny's edges against those given, pixel by pixel, 0 to 1", isHigherBetter: true),
      ScoreDescriptor(
        "f1-near", "F1 of Canny's edges where those within 1/128 of the longer side agree, 0 to 1", isHigherBetter: true
      ),
    ]
  }

  /// Compares the edges of an image with those given; nothing can be told where the control has another size.
  public func scores(
    of image: Image, following control: PreparedControl, in context: PreprocessingContext
  ) throws -> [String: Double] {
    guard let found = try self.control(of: TrainingImage(image: image), in: context)?.controlPlane else { return [:] }
    let wanted = control.controlPlane
    guard found.width == wanted.width, found.height == wanted.height else { return [:] }
    func f1(tolerance: Int) -> Double {
      EdgeAgreement(found: found.edges, wanted: wanted.edges, width: found.width, tolerance: tolerance).f1
    }
    return [
      "f1": f1(tolerance: 0),
      "f1-near": f1(tolerance: EdgeAgreement.tolerance(width: found.width, height: found.height)),
    ]
  }
}

extension Plane {
  /// 1 for the pixels above the middle grey, and 0 for others.
  fileprivate var edges: [UInt8] { values.map { $0 > 0.5 ? 1 : 0 } }
}
