import ARPG
import ARPGEvaluation
import ARPGTensor
import ArgumentParser
import Foundation

/// `arpg eval precision`.
struct EvalPrecisionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precision",
    abstract: "Measure what a decoder loses with weights of low precision.",
    discussion: """
      Decodes images with 32-bit weights, always the likeliest code, and compares the
      logits of weights of lower precision that know the same codes: their relative
      error, the share of positions with the same likeliest code, and the
      memory of the matrices.

      EXAMPLES
        arpg eval precision
        arpg eval precision --model models/arpg-l --precisions int8,int4 --images 1
      """)

  @Option(
    help: ArgumentHelp(
      "What is measured, separated by commas: bf16, f16, int8, int4. (default: all)", valueName: "names"),
    transform: Self.precisions)
  var precisions = WeightPrecision.allCases.filter { $0 != .float32 }

  @Option(help: ArgumentHelp("How many images, each of another class.", valueName: "n"))
  var images = 4

  @Option(help: ArgumentHelp("In how many steps an image is decoded.", valueName: "n"))
  var steps = 16

  @OptionGroup var seeding: SeedOption
  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard 1...1000 ~= images else { throw ValidationError("--images is \(images); it takes 1 to 1000") }
    guard 1...4096 ~= steps else { throw ValidationError("--steps is \(steps); it takes 1 to 4096") }
  }

  private static func precisions(_ text: String) throws -> [WeightPrecision] {
    try CommaList.read(text, "--precisions", otherwise: "is none of bf16, f16, int8, int4") { word in
      WeightPrecision(rawValue: word).flatMap { $0 == .float32 ? nil : $0 }
    }
  }

  func run() throws {
    model.threads.apply()
    let folder = try ModelFolder.read(model.path(), CommandContext.registries)
    let reference = try folder.loadDecoder(precision: .float32)
    let table = folder.description.decoder?.parameterTable ?? []
    let weights = table.filter(\.isPackable).reduce(0) { $0 + $1.shape.reduce(1, *) }
    let progress = ProgressLine(unit: "steps", total: precisions.count * steps, quiet: report.quiet)
    defer { progress.finish() }
    var rows: [(precision: WeightPrecision, result: PrecisionEvaluation.Result)] = []
    for (number, precision) in precisions.enumerated() {
      let evaluation = PrecisionEvaluation(of: try folder.loadDecoder(precision: precision), against: reference)
      let result = try evaluation.measure(images: images, steps: steps, seed: seeding.seed) { done, total in
        try Interruption.check()
        progress.update(done: number * steps + done * steps / total)
      }
      rows.append((precision, result))
    }
    progress.finish()
    let lines = rows.map { precision, result in
      "\(precision.rawValue.padded(to: 10))"
        + String(
          format: "%13.2f %%%13.1f %%%13.0f", 100 * result.logitError, 100 * result.equalCodes,
          Double(weights) * precision.bits / 8e6)
    }
    try Report(report).results(
      ["            logit error    equal codes    matrices, MB"] + lines,
      json: .object([
        "model": .string(folder.description.name), "images": .number(Double(images)), "steps": .number(Double(steps)),
        "rows": .array(
          rows.map { precision, result in
            .object([
              "precision": .string(precision.rawValue), "logit_error": .number(result.logitError),
              "equal_codes": .number(result.equalCodes), "positions": .number(Double(result.positions)),
              "matrix_bytes": .number(Double(weights) * precision.bits / 8),
            ])
          }),
      ]))
  }
}
