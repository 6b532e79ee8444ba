/// Parts of one size that cover a larger grid and overlap by half.
enum Tiling {
  /// Where parts begin along an axis, the last so that it ends with it; one at 0 along an axis that is no longer.
  static func starts(of side: Int, along length: Int) -> [Int] {
    guard length > side else { return [0] }
    return Array(stride(from: 0, to: length - side, by: max(1, side / 2))) + [length - side]
  }
}
