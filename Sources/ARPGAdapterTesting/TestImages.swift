import ARPG
import ARPGTensor

/// Images that adapters are checked with.
enum TestImages {
  /// A dark drawing on light ground: a ring and a cross, at another place for each number.
  static func drawing(_ number: Int, side: Int) -> Image {
    let unit = max(1, side / 16)
    let centre = (x: (6 + 2 * (number % 3)) * unit, y: (7 + number % 2) * unit)
    let grey = (0..<side * side).map { index -> UInt8 in
      let x = index % side - centre.x, y = index / side - centre.y
      let ring = abs(x * x + y * y - 16 * unit * unit) < 5 * unit * unit
      let cross = number % 2 == 1 && (abs(x) < unit && abs(y) < 3 * unit)
      return ring || cross ? 20 : UInt8(clamping: 200 + index % side * 40 / side)
    }
    return Image(width: side, height: side, grey: grey)
  }

  /// Images of all kinds and of many sizes, with what to call them in errors.
  static let hostile: [(name: String, image: Image)] =
    [(1, 1), (2, 1), (1, 9), (3, 2), (33, 17), (64, 64), (1000, 40), (40, 1000)].flatMap { width, height in
      images(width, height).map { ("an image of \(width) x \(height), \($0)", $1) }
    }

  private static func images(_ width: Int, _ height: Int) -> [(String, Image)] {
    let count = width * height, generator = Philox(seed: 5)
    let noise = (0..<count * 3).map { index in
      UInt8(truncatingIfNeeded: generator.words(at: SIMD4(UInt32(index), 0, 0, RandomPurpose.kit.number)).x)
    }
    let ramp = (0..<count).map { UInt8($0 * 255 / count) }
    let deep = (0..<count).map { UInt16($0 * 65535 / count) }
    func image(_ pixels: [UInt8], deepGrey: [UInt16]? = nil, alpha: [UInt8]? = nil) -> Image {
      Image(width: width, height: height, pixels: pixels, deepGrey: deepGrey, alpha: alpha)
    }
    let grey = ramp.flatMap { [$0, $0, $0] }
    return [
      ("coloured", image(noise)), ("black", image(Array(repeating: 0, count: count * 3))),
      ("white", image(Array(repeating: 255, count: count * 3))), ("grey", image(grey)),
      ("grey of 16 bits", image(grey, deepGrey: deep)), ("half transparent", image(noise, alpha: ramp)),
      ("wholly transparent", image(Array(repeating: 255, count: count * 3), alpha: Array(repeating: 0, count: count))),
      ("grey of 16 bits and transparent", image(grey, deepGrey: deep, alpha: ramp.reversed())),
    ]
  }
}
