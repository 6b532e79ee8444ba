import Foundation

/// A new package with a control adapter: it builds, its tests check every rule of adapters, and its program is the command
/// line with one adapter more.
public struct AdapterPackage: Sendable, Equatable {
  /// The adapter's name in the registry: lower-case letters, digits and hyphens, with a letter in front.
  public let name: String
  /// Where the package finds this one.
  public let source: Source

  /// Where a package finds another.
  public enum Source: Sendable, Equatable {
    /// In a folder; a relative path begins at the new package's folder.
    case folder(String)
    /// At an address, from a version on.
    case address(String, version: String)
  }

  /// A package.
  ///
  /// - Throws: ``AdapterPackageError/name(_:)``.
  public init(_ name: String, source: Source) throws(AdapterPackageError) {
    let isFormed = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard isFormed, name.first?.isLetter == true, name.last != "-", !name.contains("--"), name.utf8.count <= 40 else {
      throw .name(name)
    }
    guard !Self.taken.contains(name) else { throw .taken(name) }
    self.name = name
    self.source = source
  }

  /// The adapters that the new program has beside its own.
  private static let taken = ["canny", "class", "depth"]

  /// The name in Swift: `soft-edges` becomes `SoftEdges`.
  var typeName: String { name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

  /// The files by their paths in the package.
  public var files: [String: String] {
    [
      "Package.swift": manifest, "README.md": readme, ".gitignore": ".build/\nPackage.resolved\n/runs/\n/work/\n",
      "Sources/\(typeName)Control/\(typeName)Control.swift": adapter,
      "Sources/arpg-\(name)/main.swift": program,
      "Tests/\(typeName)ControlTests/ContractTests.swift": contractTests,
      "Tests/\(typeName)ControlTests/\(typeName)ControlTests.swift": tests,
      "recipes/\(name).json": recipe,
    ]
  }

  /// Writes the package.
  ///
  /// - Parameter folder: of the package, which is made; only an empty one may be there.
  /// - Throws: ``AdapterPackageError``, and what writing throws, after which nothing is left behind.
  public func write(to folder: String) throws {
    let manager = FileManager.default, target = URL(fileURLWithPath: folder).standardizedFileURL
    if let contents = try? manager.contentsOfDirectory(atPath: target.path) {
      guard contents.isEmpty else { throw AdapterPackageError.notEmpty(folder) }
    } else if manager.fileExists(atPath: target.path) {
      throw AdapterPackageError.notEmpty(folder)
    }
    let beside = target.deletingLastPathComponent().appendingPathComponent(
      ".\(target.lastPathComponent)-\(UUID().uuidString)")
    do {
      for (path, text) in files {
        let file = beside.appendingPathComponent(path)
        try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      if manager.fileExists(atPath: target.path) { try manager.removeItem(at: target) }
      try manager.moveItem(at: beside, to: target)
    } catch {
      try? manager.removeItem(at: beside)
      throw AdapterPackageError.unwritable(folder, reason: error.localizedDescription)
    }
  }
}

/// A package that cannot be made.
public enum AdapterPackageError: Error, CustomStringConvertible, Equatable {
  /// The name is none that an adapter can have.
  case name(String)
  /// An adapter of the package has the name.
  case taken(String)
  /// There is something in the folder, or a file has its name.
  case notEmpty(String)
  /// The folder cannot be written.
  case unwritable(String, reason: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .name(let name):
      "'\(name.prefix(64))' cannot be the name of an adapter; expected at most 40 lower-case letters, digits and single hyphens, "
        + "with a letter in front, such as soft-edges"
    case .taken(let name): "there is an adapter '\(name)' already; choose another name"
    case .notEmpty(let folder): "\(folder): is there already and not an empty folder; choose another with --output"
    case .unwritable(let folder, let reason):
      "\(folder): cannot be written: \(reason.split(whereSeparator: \.isNewline).joined(separator: " "))"
    }
  }
}
