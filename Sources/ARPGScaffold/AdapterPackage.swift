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
  /// - Throws: ``AdapterPackageError/name(_:)``, ``AdapterPackageError/taken(_:)``.
  public init(_ name: String, source: Source) throws(AdapterPackageError) {
    let isFormed = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard isFormed, name.first?.isLetter == true, name.last != "-", !name.contains("--"), name.utf8.count <= 40 else {
      throw .name(name)
    }
    self.name = name
    self.source = source
    // File systems may not tell capitals from small letters.
    guard !Self.taken.contains(typeName.lowercased()) else { throw .taken(name) }
  }

  /// The names in Swift, in small letters, of adapters that this package has modules of, and of its module ARPGControl.
  private static let taken = ["arpg", "canny", "class", "depth", "textfeatures"]

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
    let isThere = manager.fileExists(atPath: target.path)
    if isThere {
      let contents = try? manager.contentsOfDirectory(atPath: target.path)
      guard contents?.isEmpty == true else { throw AdapterPackageError.notEmpty(folder) }
    }
    let parent = isThere ? target : target.deletingLastPathComponent()
    let beside = parent.appendingPathComponent(".\(target.lastPathComponent)-\(UUID().uuidString)")
    var moved: [URL] = []
    do {
      for (path, text) in files {
        let file = beside.appendingPathComponent(path)
        try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      guard isThere else { return try manager.moveItem(at: beside, to: target) }
      // The folder stays the one that it is: someone may work in it.
      for item in try manager.contentsOfDirectory(atPath: beside.path) {
        let place = target.appendingPathComponent(item)
        try manager.moveItem(at: beside.appendingPathComponent(item), to: place)
        moved.append(place)
      }
      try manager.removeItem(at: beside)
    } catch {
      for place in [beside] + moved { try? manager.removeItem(at: place) }
      throw AdapterPackageError.unwritable(folder, reason: error.localizedDescription)
    }
  }
}

/// A package that cannot be made.
public enum AdapterPackageError: Error, CustomStringConvertible, Equatable {
  /// The name is none that an adapter can have.
  case name(String)
  /// A module of ARPG has a name like it.
  case taken(String)
  /// There is something in the folder, or a file has its name.
  case notEmpty(String)
  /// The folder cannot be written.
  case unwritable(String, reason: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .name(let name):
      "'\(name.prefix(64).oneLine)' cannot be the name of an adapter; expected at most 40 lower-case letters, digits and "
        + "single hyphens, with a letter in front, such as soft-edges"
    case .taken(let name): "ARPG has a module of the name '\(name)' itself; choose another name"
    case .notEmpty(let folder): "\(folder): is there already and not an empty folder; choose another with --output"
    case .unwritable(let folder, let reason):
      "\(folder): cannot be written: \(reason.oneLine)"
    }
  }
}

extension StringProtocol {
  /// The text with its lines joined.
  fileprivate var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
