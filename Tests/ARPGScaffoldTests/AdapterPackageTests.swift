import ARPGScaffold
import Foundation
import TestSupport
import Testing

@Suite("A new package with an adapter")
struct AdapterPackageTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(temporary.path)/\(name)" }
  private func contents(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
  }

  @Test(
    "A name that no adapter can have is refused in one line",
    arguments: [
      "", " ", "-", "a-", "-a", "a--b", "A", "Soft", "soft_edges", "soft edges", "..", ".", "a/b", "/", "a.b", "2d",
      "ä", "\u{FF41}", "a\u{301}", "a\n", "a\0", "\"", "a\"+b", "\\(1)", "$(ls)", "e\u{200B}", "🙂",
      String(repeating: "a", count: 41), String(repeating: "a", count: 1000),
    ])
  func refused(name: String) throws {
    let error = #expect(throws: AdapterPackageError.name(name)) { try AdapterPackage(name, source: .folder("..")) }
    let text = error?.description ?? ""
    #expect(text.contains("lower-case") && text.utf8.count < 500 && !text.contains(where: \.isNewline))
  }

  @Test(
    "A name is refused whose module ARPG has itself",
    arguments: ["canny", "class", "depth", "text-features", "can-ny", "a-r-p-g"])
  func taken(name: String) {
    #expect(throws: AdapterPackageError.taken(name)) { try AdapterPackage(name, source: .folder("..")) }
  }

  @Test(
    "Any other name makes a package",
    arguments: ["a", "soft-edges", "x2-y-3z", String(repeating: "a", count: 40)])
  func named(name: String) throws {
    let package = try AdapterPackage(name, source: .folder(".."))
    let folder = path("new")
    try package.write(to: folder)
    let files = try contents(folder).filter { !URL(fileURLWithPath: "\(folder)/\($0)").hasDirectoryPath }
    #expect(files == package.files.keys.sorted())
    for (file, text) in package.files {
      #expect(try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) == text)
      #expect(!file.hasPrefix("/") && !file.contains(".."))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == ["new"])
  }

  @Test(
    "No line of generated code is longer than 120 columns",
    arguments: [
      AdapterPackage.Source.folder("../.."), .address("https://example.org/team/arpg.git", version: "0.1.0"),
    ])
  func lines(source: AdapterPackage.Source) throws {
    for name in ["a", "soft-edges"] {
      for (file, text) in try AdapterPackage(name, source: source).files where file.hasSuffix(".swift") {
        for line in text.split(separator: "\n") { #expect(line.count <= 120, "\(file): \(line)") }
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n") && !text.contains(" \n"), "\(file)")
      }
    }
  }

  @Test("What a package depends on is quoted")
  func quoted() throws {
    let package = try AdapterPackage("a", source: .folder("a \"b\" \\(c)"))
    #expect(package.files["Package.swift"]?.contains(#"path: "a \"b\" \\(c)")"#) == true)
  }

  @Test("A package at an address is depended on by it, and its products by its last part")
  func address() throws {
    let package = try AdapterPackage("a", source: .address("https://example.org/team/swift-arpg.git", version: "1.2.3"))
    let manifest = try #require(package.files["Package.swift"])
    #expect(manifest.contains(#".package(url: "https://example.org/team/swift-arpg.git", from: "1.2.3")"#))
    #expect(manifest.contains(#".product(name: "ARPG", package: "swift-arpg")"#))
  }

  @Test("An empty folder is filled, and stays the folder that it was")
  func empty() throws {
    let folder = path("here")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let before = try FileManager.default.attributesOfItem(atPath: folder)[.systemFileNumber] as? Int
    let package = try AdapterPackage("soft-edges", source: .folder(".."))
    try package.write(to: folder)
    #expect(try FileManager.default.attributesOfItem(atPath: folder)[.systemFileNumber] as? Int == before)
    #expect(Set(try contents(folder)).isSuperset(of: package.files.keys))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == ["here"])
  }

  @Test("A folder with something in it, or a file, is refused and stays as it was", arguments: [false, true])
  func occupied(isFile: Bool) throws {
    let target = path("there"), file = isFile ? target : target + "/.hidden"
    if !isFile { try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false) }
    try Data([7]).write(to: URL(fileURLWithPath: file))
    let package = try AdapterPackage("soft-edges", source: .folder(".."))
    #expect(throws: AdapterPackageError.notEmpty(target)) { try package.write(to: target) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data([7]))
    #expect(try contents(temporary.path) == (isFile ? ["there"] : ["there", "there/.hidden"]))
  }

  @Test("Where the folder cannot be made, the error names it and nothing is left behind")
  func unwritable() throws {
    try Data([7]).write(to: URL(fileURLWithPath: path("file")))
    let target = path("file/new"), package = try AdapterPackage("soft-edges", source: .folder(".."))
    let error = #expect(throws: AdapterPackageError.self) { try package.write(to: target) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("\(target): cannot be written: ") && !text.contains(where: \.isNewline))
    #expect(try contents(temporary.path) == ["file"])
  }

  @Test(
    "The way from a folder to another",
    arguments: [
      ("/work/new", "/work/arpg", "../arpg"), ("/work/arpg/new", "/work/arpg", ".."),
      ("/work/arpg/a/b", "/work/arpg", "../.."), ("/work", "/work/arpg", "arpg"), ("/work/arpg", "/work/arpg", "."),
      ("/work/arpg/", "/work/x/../arpg/.", "."), ("/home/new", "/work/arpg", "/work/arpg"),
      ("/work/arpg2", "/work/arpg", "../arpg"), ("/work/a b", "/work/ä", "../ä"),
    ])
  func way(from: String, other: String, expected: String) {
    #expect(relativePath(from: from, to: other) == expected)
  }

  @Test("Relative folders begin where the process is")
  func relative() {
    #expect(relativePath(from: "new", to: ".") == "..")
    #expect(relativePath(from: "a/new", to: "b") == "../../b")
  }
}
