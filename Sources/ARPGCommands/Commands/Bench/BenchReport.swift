import ARPG
import ARPGEvaluation
import ARPGTensor
import Foundation

/// What `arpg bench` tells: a column for each precision and batch.
struct BenchReport {
  /// The model that is measured.
  struct Subject {
    let name: String
    let sizes: String
    let image: ImageSize
    let tokens: Int

    init(_ model: Model) {
      name = model.description.name
      sizes = model.description.decoder?.configuration.summary ?? ""
      image = model.imageSize
      tokens = model.layout.tokens
    }
  }

  /// A precision and a batch.
  struct Row {
    let precision: WeightPrecision
    let result: SpeedEvaluation.Result

    var title: String { BenchReport.title(precision, result.batch) }
    var images: Double { Double(result.batch) }
  }

  /// What a precision and a batch are called.
  static func title(_ precision: WeightPrecision, _ batch: Int) -> String { "\(precision.rawValue) x \(batch)" }

  let subject: Subject
  let runs: Int
  let rows: [Row]
  /// Bytes a second that the machine reads, and its floating-point operations a second.
  let peaks: (bytes: Double, operations: Double)

  private static let parts: [(part: TimeByPart.Part, title: String)] = [
    (.products, "products"), (.attention, "attention"), (.norms, "norms and activations"), (.head, "head"),
    (.drawing, "drawing of codes"), (.convolutions, "convolutions"), (.groupNorms, "group norms"),
  ]

  /// The table, below what was measured.
  var lines: [String] {
    typealias Line = (name: String, cells: [String])
    func line(_ name: String, peak: String = "", _ cell: (Row) -> String) -> Line { (name, rows.map(cell) + [peak]) }
    func section(_ name: String, _ timing: KeyPath<SpeedEvaluation.Result, SpeedEvaluation.Timing>) -> [Line] {
      let occurring = Self.parts.filter { part in
        rows.contains { $0.result[keyPath: timing].median.parts[part.part] != nil }
      }
      let whole = [
        line("\(name), s an image") { Self.seconds($0.result[keyPath: timing].median.whole / $0.images) },
        line("  least") { Self.seconds($0.result[keyPath: timing].range.lowerBound / $0.images) },
        line("  most") { Self.seconds($0.result[keyPath: timing].range.upperBound / $0.images) },
      ]
      let parts = occurring.map { part, title in
        line("  \(title)") { Self.seconds($0.result[keyPath: timing].median.parts[part, default: 0] / $0.images) }
      }
      return whole + parts + [line("  other") { Self.seconds($0.result[keyPath: timing].median.other / $0.images) }]
    }
    let rates = [
      line("steps a second") { Self.number(Double($0.result.steps) / $0.result.decoder.median.whole) },
      line("tokens a second") { Self.number($0.tokensPerSecond) },
      line("decoder, GB/s", peak: Self.number(peaks.bytes / 1e9)) { Self.number($0.bytesPerSecond / 1e9) },
      line("decoder, GFLOP/s", peak: Self.number(peaks.operations / 1e9)) {
        Self.number($0.result.decoder.operationsPerSecond / 1e9)
      },
      line("tokenizer, GFLOP/s", peak: Self.number(peaks.operations / 1e9)) {
        Self.number($0.result.tokenizer.operationsPerSecond / 1e9)
      },
      line("peak memory so far, MB") { String(format: "%.0f", Double($0.result.peakBytes) / 1e6) },
    ]
    return [
      "\(Machine.processor), \(Machine.simdLevel), \(Parallel.threads) threads",
      "\(subject.name): \(subject.sizes); \(subject.image.text) pixels, \(subject.tokens) tokens in \(steps) steps, \(runs) runs",
      "",
    ]
      + ScoreTable(
        columns: rows.map(\.title) + ["machine"],
        rows: section("decoder", \.decoder) + section("tokenizer", \.tokenizer) + rates
      ).lines
  }

  private var steps: Int { rows.first?.result.steps ?? 0 }

  private static func seconds(_ value: Double) -> String { String(format: "%.4f", value) }
  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  /// The same, with the times of whole batches.
  var json: JSONValue {
    .object([
      "model": .string(subject.name), "processor": .string(Machine.processor), "simd": .string(Machine.simdLevel),
      "threads": .number(Double(Parallel.threads)), "runs": .number(Double(runs)),
      "width": .number(Double(subject.image.width)), "height": .number(Double(subject.image.height)),
      "tokens": .number(Double(subject.tokens)), "steps": .number(Double(steps)),
      "peaks": .object([
        "gigabytes_per_second": .number(peaks.bytes / 1e9), "gigaflops": .number(peaks.operations / 1e9),
      ]),
      "rows": .array(
        rows.map { row in
          .object([
            "precision": .string(row.precision.rawValue), "batch": .number(row.images),
            "decoder": .object(
              row.result.decoder.json.merging([
                "steps_per_second": .number(Double(row.result.steps) / row.result.decoder.median.whole),
                "tokens_per_second": .number(row.tokensPerSecond),
                "gigabytes_per_second": .number(row.bytesPerSecond / 1e9),
              ]) { $1 }),
            "tokenizer": .object(row.result.tokenizer.json), "peak_bytes": .number(Double(row.result.peakBytes)),
          ])
        }),
    ])
  }
}

extension BenchReport.Row {
  fileprivate var tokensPerSecond: Double { images * Double(result.tokens) / result.decoder.median.whole }
  fileprivate var bytesPerSecond: Double { Double(result.decoder.median.weightBytes) / result.decoder.median.whole }
}

extension SpeedEvaluation.Timing {
  fileprivate var operationsPerSecond: Double { Double(median.operations) / median.whole }

  fileprivate var json: [String: JSONValue] {
    let parts = median.parts.map { ($0.rawValue, JSONValue.number($1)) } + [("other", .number(median.other))]
    return [
      "seconds": .number(median.whole), "least_seconds": .number(range.lowerBound),
      "most_seconds": .number(range.upperBound), "all_seconds": .array(seconds.map(JSONValue.number)),
      "gigaflops": .number(operationsPerSecond / 1e9), "parts": .object(Dictionary(uniqueKeysWithValues: parts)),
    ]
  }
}
