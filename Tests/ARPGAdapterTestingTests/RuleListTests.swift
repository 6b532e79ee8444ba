import ARPGAdapterTesting
import Foundation
import TestSupport
import Testing

@Suite("The list of rules")
struct RuleListTests {
  /// The lines of a file of the repository.
  private func lines(of path: String) throws -> [String] {
    let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOfFile: folder.appendingPathComponent(path).path, encoding: .utf8)
      .components(separatedBy: "\n")
  }

  /// The numbered list in the comment of a protocol.
  private func rules(of name: String) throws -> [String] {
    let lines = try lines(of: "Sources/ARPG/Conditioning/\(name).swift")
    let end = try #require(lines.firstIndex { $0.hasPrefix("public protocol \(name)") })
    let start = lines[..<end].lastIndex { !$0.hasPrefix("///") } ?? 0
    return rules(in: lines[(start + 1)..<end].map { String($0.dropFirst(4)) })
  }

  /// The entries of numbered lists, with their numbers, each in one line.
  private func rules(in lines: [String]) -> [String] {
    var rules: [String] = []
    for line in lines {
      let text = line.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      if line.first?.isNumber == true {
        rules.append(text)
      } else if line.hasPrefix("  "), !rules.isEmpty {
        rules[rules.count - 1] += " " + text
      }
    }
    return rules
  }

  @Test("Protocols and kit have the same rules with the same numbers, each with a check")
  func lists() throws {
    let declared = try ["ControlAdapter", "TrainableAdapter", "ScoredAdapter"].flatMap(rules)
    #expect(declared == AdapterRule.allCases.map { "\($0.number). \($0.text)" })
    #expect(AdapterRule.allCases.map(\.number) == Array(1...AdapterRule.allCases.count))
  }

  @Test("The article on adapters has the same rules with the same numbers")
  func article() throws {
    let lines = try lines(of: "Sources/ARPG/ARPG.docc/Articles/Rules.md").drop { $0 != "### Rules of all adapters" }
    #expect(rules(in: Array(lines)) == AdapterRule.allCases.map { "\($0.number). \($0.text)" })
  }

  @Test("The lines of the README are those of the example")
  func readme() throws {
    let example = try lines(of: "examples/colour-map/Tests/ColourMapControlTests/ContractTests.swift")
    let test = example.drop { !$0.hasPrefix("@Test") }.filter { !$0.isEmpty }
    #expect(test.count == 2 && test[1].hasPrefix("func "))
    #expect(try lines(of: "README.md").joined(separator: "\n").contains(test.joined(separator: "\n")))
  }
}
