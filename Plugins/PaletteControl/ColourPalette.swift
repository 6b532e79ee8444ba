import ARPG
import ARPGTensor

/// Up to eight different colours, each with its share of an image, the largest first.
public struct ColourPalette: Sendable, Equatable {
  /// The most colours of a palette.
  public static let maxColours = 8
  /// What shares are counted in: that many are the whole.
  public static let units = 256

  /// A colour and its share, 1...``units``.
  public struct Entry: Sendable, Equatable {
    /// The colour.
    public let colour: RGBColour
    /// Its share in ``ColourPalette/units``.
    public let share: Int
  }

  /// The colours; their shares add up to ``units``.
  public let entries: [Entry]

  /// A palette of colours with weights over 0, of any sum. Equal colours become one; those of one share stay in their order.
  ///
  /// Traps where there are no colours, more than ``maxColours`` different ones, or weights that are not over 0 and finite.
  public init(_ weighted: [(colour: RGBColour, weight: Double)]) {
    var different: [(colour: RGBColour, weight: Double)] = []
    for entry in weighted {
      precondition(entry.weight > 0 && entry.weight.isFinite, "a weight of \(entry.weight) cannot be")
      if let index = different.firstIndex(where: { $0.colour == entry.colour }) {
        different[index].weight += entry.weight
      } else {
        different.append(entry)
      }
    }
    precondition(1...Self.maxColours ~= different.count, "a palette of \(different.count) colours cannot be")
    let shares = Self.shares(of: different.map(\.weight))
    entries = zip(different, shares).enumerated()
      .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
      .map { Entry(colour: $0.element.0.colour, share: $0.element.1) }
  }

  /// Whole shares in proportion to weights, each at least 1, together ``units``: by largest remainders. Shares as weights give
  /// themselves.
  private static func shares(of weights: [Double]) -> [Int] {
    let total = weights.reduce(0, +)
    let exact = weights.map { $0 / total * Double(units) }
    var shares = exact.map { max(1, Int($0)) }
    func remainder(_ index: Int) -> Double { exact[index] - Double(shares[index]) }
    let byRemainder = exact.indices.sorted { (remainder($1), $0) < (remainder($0), $1) }
    let missing = units - shares.reduce(0, +)
    for index in byRemainder.prefix(max(0, missing)) { shares[index] += 1 }
    // Those that were raised to 1 take from the largest.
    for _ in 0..<max(0, -missing) {
      if let largest = shares.indices.max(by: { shares[$0] < shares[$1] }) { shares[largest] -= 1 }
    }
    return shares
  }
}
