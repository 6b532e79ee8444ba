import ARPGImageFiles
import ARPGService
import ArgumentParser

/// What requests may ask for, and how long results are kept.
struct LimitOptions: ParsableArguments {
  @Option(help: "Threads to use; results do not depend on it. (default: all cores)")
  var threads: String?

  @Option(help: "How many images may wait; more are refused with 429. (default: 64)")
  var queue: String?

  @Option(help: "The most images of one request. (default: 64)")
  var maxCount: String?

  @Option(help: "The most images that are decoded together. (default: 8)")
  var maxBatch: String?

  @Option(help: "The most steps of an image. (default: 1024)")
  var maxSteps: String?

  @Option(help: ArgumentHelp("The most megapixels of an image that is sent. (default: 16)", valueName: "megapixels"))
  var maxPixels: String?

  @Option(help: ArgumentHelp("The most megabytes of a request. (default: 64)", valueName: "megabytes"))
  var maxBody: String?

  @Option(help: ArgumentHelp("A folder for results; without it they are kept in memory.", valueName: "dir"))
  var results: String?

  @Option(help: ArgumentHelp("How long results are kept. (default: 60)", valueName: "minutes"))
  var keep: String?

  func serviceLimits() throws -> ServiceLimits {
    var limits = ServiceLimits()
    limits.queue = try Setting.number("queue", queue, 1...100_000) ?? limits.queue
    limits.count = try Setting.number("max-count", maxCount, 1...100_000) ?? limits.count
    limits.batch = try Setting.number("max-batch", maxBatch, 1...64) ?? limits.batch
    limits.steps = try Setting.number("max-steps", maxSteps, 1...1 << 20) ?? limits.steps
    if let megabytes = try Setting.number("max-body", maxBody, 0.01...4096) { limits.body = Int(megabytes * 1e6) }
    let pixels = try Setting.number("max-pixels", maxPixels, 0.01...1000).map { Int($0 * 1e6) }
    limits.image = ImageLimits(
      side: limits.image.side, pixels: pixels ?? limits.image.pixels, bytes: min(limits.image.bytes, limits.body))
    return limits
  }

  func keepSeconds() throws -> Double { try (Setting.number("keep", keep, 0...1_000_000) ?? 60) * 60 }
}
