/// How values between those of an axis are found. Centres lie at half-integers, the values at the ends go on beyond them,
/// and nothing is averaged when an axis becomes shorter.
public enum Interpolation: Sendable {
  /// The value at `floor(index * input / output)`.
  case nearest
  /// A cubic through four values with a = -0.75.
  ///
  /// Source: Keys, IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981.
  case bicubic

  /// For each of `output` places, the input places that it is made of and their weights.
  func taps(input: Int, output: Int) -> [[(index: Int, weight: Float)]] {
    (0..<output).map { place in
      switch self {
      case .nearest: return [(place * input / output, 1)]
      case .bicubic:
        let position = (Double(place) + 0.5) * Double(input) / Double(output) - 0.5
        let first = position.rounded(.down)
        return (-1...2).map { step in
          let index = Int(first) + step
          return (min(max(index, 0), input - 1), Float(Self.cubic(position - first - Double(step))))
        }
      }
    }
  }

  private static func cubic(_ signed: Double) -> Double {
    let a = -0.75, x = abs(signed)
    return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
  }
}

extension Tensor {
  /// The same with one axis of another length: `[..., n, ...]` to `[..., length, ...]`. Two calls scale an image.
  public func resized(axis: Int, to length: Int, by interpolation: Interpolation) -> Tensor {
    precondition(shape.indices.contains(axis) && shape[axis] > 0 && length > 0, "axis \(axis) of \(shape) to \(length)")
    if shape[axis] == length { return self }
    let original = shape
    let input = shape[axis]
    let outer = shape[..<axis].reduce(1, *), inner = shape[(axis + 1)...].reduce(1, *)
    let taps = interpolation.taps(input: input, output: length)
    var target = shape
    target[axis] = length
    let result = Tensor(shape: target, repeating: 0)
    for block in 0..<outer {
      for (place, sources) in taps.enumerated() {
        let out = result.mutablePointer + (block * length + place) * inner
        for (index, weight) in sources {
          kernels.add_scaled(pointer + (block * input + index) * inner, weight, out, inner)
        }
      }
    }
    return result.recorded(from: [self]) { gradient in
      let sum = Tensor(shape: original, repeating: 0)
      for block in 0..<outer {
        for (place, targets) in taps.enumerated() {
          let source = gradient.pointer + (block * length + place) * inner
          for (index, weight) in targets {
            kernels.add_scaled(source, weight, sum.mutablePointer + (block * input + index) * inner, inner)
          }
        }
      }
      return [sum]
    }
  }
}
