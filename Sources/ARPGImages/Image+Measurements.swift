extension Image {
  /// What the 8-bit pixels of measurements show.
  public enum MeasurementDisplay: Sendable {
    /// 0 as black and 1 as white, with what is beyond at the ends: that of a photograph in floats.
    case unitRange
    /// The smallest measurement as black and the largest as white.
    case ownRange
  }

  /// An image of measurements, such as depth: in grey of 16 bits. What is infinite or not a number is missing, which is transparent.
  ///
  /// Measurements that fill 0 ... 1 stay as they are. Others are scaled so that the largest is white; 0 stays black unless some are
  /// below, of which the smallest is black then. The few beyond where they take more than a tenth of the range, as single hot pixels
  /// do, are set to its ends. Traps where the number of measurements does not match the size.
  ///
  /// - Parameters:
  ///   - width: the number of columns.
  ///   - height: the number of rows.
  ///   - measurements: one for each pixel.
  ///   - showing: what the 8-bit pixels show.
  public init(width: Int, height: Int, measurements: [Float], showing: MeasurementDisplay = .ownRange) {
    let range = Self.range(of: measurements)
    let low = Double(range.lowerBound), scale = 65535 / (Double(range.upperBound) - low)
    func level(_ value: Float) -> UInt16 {
      value.isFinite ? UInt16(min(max((Double(value) - low) * scale, 0), 65535).rounded()) : 0
    }
    let deepGrey = measurements.map(level)
    func shown(_ index: Int) -> UInt8 {
      let value = measurements[index]
      guard value.isFinite else { return 255 }
      return switch showing {
      case .unitRange: UInt8((min(max(value, 0), 1) * 255).rounded())
      case .ownRange: UInt8((UInt32(deepGrey[index]) * 255 + 32767) / 65535)
      }
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: measurements.count * 3) { target, count in
      for index in measurements.indices { target[index * 3..<index * 3 + 3].initialize(repeating: shown(index)) }
      count = measurements.count * 3
    }
    let isWhole = measurements.allSatisfy(\.isFinite)
    self.init(
      width: width, height: height, pixels: pixels, deepGrey: deepGrey,
      alpha: isWhole ? nil : measurements.map { $0.isFinite ? 255 : 0 })
  }

  /// The measurements that become black and white.
  private static func range(of measurements: [Float]) -> ClosedRange<Float> {
    let sorted = measurements.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last else { return 0...1 }
    if low >= 0, (0.0625...1).contains(high) { return 0...1 }
    let few = sorted.count / 4096
    let (inner, outer) = (sorted[few], sorted[sorted.count - 1 - few])
    let isFar = few > 0 && inner < outer && Double(outer) - Double(inner) < 0.9 * (Double(high) - Double(low))
    let ends = isFar ? (inner, outer) : (low, high)
    let bottom = min(ends.0, 0)
    return bottom < ends.1 ? bottom...ends.1 : ends.0...max(ends.1, ends.0.nextUp)
  }
}
