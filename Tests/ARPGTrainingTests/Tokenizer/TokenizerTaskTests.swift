import ARPG
import ARPGImageFiles
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Training a tokenizer")
struct TokenizerTaskTests {
  private let configuration = VQConfiguration(
    channels: 16, multipliers: [1, 2], blocks: 1, latent: 16, codebook: 32, codeDim: 4, groups: 4, patch: 2,
    attention: false)

  /// Eight images of a bright disc on a dark ground.
  static func discs(in folder: TemporaryFolder) throws -> ImageData {
    for index in 0..<8 {
      var pixels: [UInt8] = []
      for y in 0..<16 {
        for x in 0..<16 {
          let isInside = (x - 4 - index) * (x - 4 - index) + (y - 8) * (y - 8) < 16
          pixels += isInside ? [230, UInt8(40 + 20 * index), 60] : [40, 60, 110]
        }
      }
      try ImageFile.write(Image(width: 16, height: 16, pixels: pixels), to: folder.file("\(index).png"))
    }
    return try ImageData(folder.path, size: 16)
  }

  private func loop(_ data: ImageData, steps: Int) -> TrainingLoop<TokenizerTask> {
    let task = TokenizerTask(configuration, data: data, quantizationWarmup: 20)
    let settings = LoopSettings(
      groups: [ParameterGroup(AdamW(weightDecay: 0), learningRate: 4e-3)],
      schedule: LearningRateSchedule(.constant, warmup: 5, steps: steps), batch: 8, clip: 1)
    return TrainingLoop(task, settings: settings, seed: 3)
  }

  @Test("Learns eight images, with a codebook that is used, and writes a model that opens")
  func learns() throws {
    let folder = try TemporaryFolder()
    let data = try Self.discs(in: folder)
    var loop = loop(data, steps: 150)
    var state = try loop.start()
    var first = 0.0, last = StepReport?.none
    for step in 1...150 {
      last = try loop.step(&state)
      if step == 1 { first = last?.metrics["psnr"] ?? 0 }
    }
    let metrics = try #require(last?.metrics)
    #expect(try #require(metrics["psnr"]) > max(20, first + 8))
    #expect(try #require(metrics["codes"]) >= 6)

    let path = folder.file("model")
    try loop.task.writeModel(state.emaParameters, to: path)
    let tokenizer = try ModelFolder.read(path, .twoPass).loadTokenizer()
    let images = try data.images([0, 3], isMirrored: [false, false])
    let decoded = try tokenizer.decode(tokenizer.encode(images).codes, rows: 4, columns: 4)
    #expect(decoded.largestDifference(from: images) < 1.2)
    #expect(try loop.task.sampleSheet(state.emaParameters, seed: 0) != nil)
  }

  @Test("Mirroring swaps left and right")
  func mirrors() throws {
    let folder = try TemporaryFolder()
    let data = try Self.discs(in: folder)
    let both = try data.images([2, 2], isMirrored: [false, true])
    let rows = both.values
    for index in 0..<3 * 256 {
      let column = index % 16
      #expect(rows[index] == rows[768 + index - column + 15 - column])
    }
  }
}
