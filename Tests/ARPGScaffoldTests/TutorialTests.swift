import ARPGScaffold
import Foundation
import TestSupport
import Testing

@Suite("The tutorial on a new adapter")
struct TutorialTests {
  private let package: AdapterPackage
  private let text: String
  /// The listings of the article, with the language of each.
  private let listings: [(language: String, text: String)]

  init() throws {
    package = try AdapterPackage("soft-edges", source: .folder(".."))
    let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Sources/ARPG/ARPG.docc/Articles/Tutorial.md")
    text = try String(contentsOf: file, encoding: .utf8)
    listings = text.components(separatedBy: "\n```").enumerated().filter { $0.offset % 2 == 1 }.map { _, listing in
      let language = listing.prefix { $0 != "\n" }
      return (String(language), String(listing.dropFirst(language.count + 1)))
    }
  }

  /// The commands of listings, one a line, without remarks.
  private func commands(in text: String) -> [String] {
    text.split(separator: "\n").map { line in
      (line.firstRange(of: " #").map { line[..<$0.lowerBound] } ?? line).trimmingCharacters(in: .whitespaces)
    }
  }

  private var commands: [String] { listings.filter { $0.language == "sh" }.flatMap { commands(in: $0.text) } }

  @Test("Its listings are what is generated")
  func code() {
    let code = listings.filter { $0.language != "sh" }
    #expect(Set(code.map(\.language)) == ["swift", "json"] && code.count >= 6)
    for listing in code {
      #expect(package.files.values.contains { $0.contains(listing.text) }, "\(listing.text)")
    }
  }

  @Test("Its commands are those of the generated README, all of them")
  func commandsOfReadme() throws {
    let readme = try #require(package.files["README.md"])
    let known = commands(in: readme).filter { $0.hasPrefix("swift ") }
    #expect(known.count >= 10)
    #expect(commands.starts(with: ["swift package new-adapter soft-edges", "cd soft-edges"]))
    #expect(Set(commands.dropFirst(2)) == Set(known))
  }

  @Test("Three commands lead to an image, six to one of an adapter that is trained and installed")
  func counts() {
    let leading = ["new-adapter ", "adapters export ", "control --adapter "]
    let all = [
      "new-adapter ", "data scenes ", "data prepare ", "train adapter ", "adapters add ", "control --soft-edges ",
    ]
    for steps in [leading, all] {
      let found = steps.map { step in commands.firstIndex { $0.contains(step) } }
      #expect(found.compactMap { $0 } == found.compactMap { $0 }.sorted() && !found.contains(nil))
    }
  }

  @Test("The files it names are generated")
  func files() {
    for file in [
      "Sources/arpg-soft-edges/main.swift", "Sources/SoftEdgesControl/SoftEdgesControl.swift",
      "recipes/soft-edges.json",
    ] {
      #expect(text.contains("`\(file)`") && package.files[file] != nil)
    }
  }
}
