import Foundation
import TestSupport
import Testing

@Suite("arpg bench")
struct BenchTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// The rows that a run tells as JSON.
  private func rows(_ arguments: String...) throws -> (told: [String: Any], rows: [[String: Any]]) {
    let process = try ARPGProcess(["bench", "--runs", "1", "--json"] + arguments, in: place.folder)
    #expect(process.status == 0 && process.errors.isEmpty, "\(process.errors)")
    let told = try process.json()
    return (told, try #require(told["rows"] as? [[String: Any]]))
  }

  private func number(_ object: [String: Any], _ path: String...) throws -> Double {
    let inner = try path.dropLast().reduce(object) { try #require($0[$1] as? [String: Any]) }
    return try #require(inner[path[path.count - 1]] as? Double)
  }

  @Test("A table with a column for each precision and batch, and what the machine does at most")
  func table() throws {
    let run = try place.run(
      "bench", "--precision", "f32,int8", "--batch", "1,2", "--steps", "2", "--runs", "2", "--threads", "2", "--class",
      "mug")
    #expect(run.lines[0].hasSuffix(", 2 threads") && run.lines[1].contains("256x256 pixels, 256 tokens in 2 steps"))
    let heading = run.lines[2].split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(heading.filter { !$0.isEmpty } == ["f32 x 1", "f32 x 2", "int8 x 1", "int8 x 2", "machine"])
    for name in [
      "decoder, s an image", "  least", "  products", "  attention", "  norms and activations", "  head",
      "  drawing of codes", "  other", "tokenizer, s an image", "  convolutions", "  group norms", "steps a second",
      "tokens a second", "decoder, GB/s", "decoder, GFLOP/s", "tokenizer, GFLOP/s", "peak memory so far, MB",
    ] {
      #expect(run.lines.contains { $0.hasPrefix(name + " ") }, "no row of \(name)")
    }
    #expect(Set(run.lines.dropFirst(2).map(\.count)).count == 1, "\(run.output)")
    #expect(run.errors.isEmpty)
  }

  @Test(
    "Parts take no more than the whole; weights are read once a step whatever the batch, and operations grow with it")
  func json() throws {
    let (told, rows) = try rows("--precision", "f32,bf16", "--batch", "1,2", "--steps", "3")
    #expect(rows.map { $0["precision"] as? String } == ["f32", "f32", "bf16", "bf16"])
    #expect(try rows.map { try number($0, "batch") } == [1, 2, 1, 2])
    for row in rows {
      for part in ["decoder", "tokenizer"] {
        let parts = try #require((row[part] as? [String: Any])?["parts"] as? [String: Double])
        let whole = try number(row, part, "seconds")
        #expect(parts.values.allSatisfy { $0 >= 0 } && parts.values.reduce(0, +) <= whole * 1.000_001)
        #expect((parts[part == "decoder" ? "products" : "convolutions"] ?? 0) > 0.1 * whole)
        #expect(try number(row, part, "least_seconds") <= whole && number(row, part, "most_seconds") >= whole)
        #expect(Set(parts.keys).isSuperset(of: part == "decoder" ? ["head", "drawing"] : ["group_norms"]))
      }
      #expect(try number(row, "peak_bytes") > 1e7)
    }
    #expect(try number(told, "peaks", "gigabytes_per_second") > 0 && number(told, "peaks", "gigaflops") > 0)
    func amount(_ row: Int, _ part: String, _ rate: String) throws -> Double {
      try 1e9 * number(rows[row], part, rate) * number(rows[row], part, "seconds")
    }
    func isEqual(_ one: Double, _ other: Double) -> Bool { abs(one / other - 1) < 1e-9 }
    let half = try place.run("eval", "precision", "--precisions", "bf16", "--images", "1", "--steps", "1", "--json")
      .json()
    let matrices = try number(try #require((half["rows"] as? [[String: Any]])?.first), "matrix_bytes")
    let bytes = try (0..<4).map { try amount($0, "decoder", "gigabytes_per_second") }
    #expect(isEqual(bytes[0], 3 * 2 * matrices) && isEqual(bytes[0], bytes[1]) && isEqual(bytes[2], bytes[0] / 2))
    for part in ["decoder", "tokenizer"] {
      let operations = try (0..<4).map { try amount($0, part, "gigaflops") }
      #expect(isEqual(operations[1], 2 * operations[0]) && isEqual(operations[2], operations[0]), "\(part)")
    }
  }

  @Test("What cannot be measured is refused in a line")
  func refusals() throws {
    try place.refuse("bench", "--precision", "f32,int3", saying: "'int3' is none of f32, bf16, f16, int8, int4")
    try place.refuse("bench", "--precision", "f32,", saying: "--precision 'f32,'")
    for batch in ["0", "65", "1,,2", "-1", "x"] { try place.refuse("bench", "--batch", batch, saying: "1 to 64") }
    for runs in ["0", "1001", "-3"] { try place.refuse("bench", "--runs", runs, saying: "--runs is \(runs)") }
    try place.refuse("bench", "--steps", "0", saying: "steps")
    try place.refuse("bench", "--class", "zebra", saying: "class 'zebra' is not known")
    try place.refuse("bench", "--class", "mug,house", saying: "--class 'mug,house': it takes one class")
    try place.refuse("bench", "--threads", "0", saying: "--threads is 0")
    try place.refuse("bench", "--model", "nowhere", saying: "nowhere: there is no such folder")
  }
}
