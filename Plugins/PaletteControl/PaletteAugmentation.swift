import ARPG
import ARPGTensor

/// Makes of an image's colours what people give: fewer of them, without weights, not quite the same.
///
/// Each change has a probability of its own, 0...1.
public struct PaletteAugmentation: Sendable, Equatable {
  /// That only the largest stay, of each number as likely.
  public var fewer: Double
  /// That all shares are equal.
  public var equalShares: Double
  /// That each channel of each colour is other by a normal deviation of 6 of 255.
  public var noise: Double

  /// The probabilities of each change.
  public init(fewer: Double = 0.5, equalShares: Double = 0.5, noise: Double = 0.5) {
    self.fewer = fewer
    self.equalShares = equalShares
    self.noise = noise
  }

  /// No change at all.
  public static let none = PaletteAugmentation(fewer: 0, equalShares: 0, noise: 0)

  /// Changes a palette. The result is a function of the palette and the stream.
  public func applied(to palette: ColourPalette, using random: inout PhiloxStream) -> ColourPalette {
    var entries = palette.entries[...]
    if random.chance(fewer) { entries = entries.prefix(random.integer(in: 1..<entries.count + 1)) }
    let isEqual = random.chance(equalShares), isNoisy = random.chance(noise)
    return ColourPalette(
      entries.map { entry in
        let channels = entry.colour.channels.map { channel in
          isNoisy ? UInt8(max(0, min(Float(channel) + 6 * random.normal(), 255)).rounded()) : channel
        }
        return (
          RGBColour(red: channels[0], green: channels[1], blue: channels[2]), isEqual ? 1 : Double(entry.share)
        )
      })
  }
}
