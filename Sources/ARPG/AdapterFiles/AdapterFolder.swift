import Foundation

/// A user's own folder of adapter files, each called `NAME.safetensors`.
public struct AdapterFolder: Sendable {
  /// Where it is; it need not exist.
  public let path: String

  /// A folder at a place.
  public init(_ path: String) {
    self.path = path
  }

  /// The folder of the user: `ARPG_ADAPTERS`, or `arpg/adapters` in `XDG_DATA_HOME` or `~/.local/share`.
  public static func ofUser(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> AdapterFolder {
    if let path = environment["ARPG_ADAPTERS"], !path.isEmpty { return AdapterFolder(path) }
    if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return AdapterFolder("\(data)/arpg/adapters") }
    return AdapterFolder("\(environment["HOME"] ?? ".")/.local/share/arpg/adapters")
  }

  private static let ending = ".safetensors"

  /// The names of the adapters, sorted.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(Self.ending) && !$0.hasPrefix(".") }.map { String($0.dropLast(Self.ending.count)) }
      .sorted()
  }

  /// The path of an adapter's file.
  ///
  /// - Throws: ``RegistryError`` for a name that no adapter can have.
  public func file(of name: String) throws(RegistryError) -> String {
    try RegistryError.checkName(name, of: "adapter")
    return "\(path)/\(name)\(Self.ending)"
  }

  /// Whether there is an adapter of a name.
  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// Copies a file into the folder, which is made where there is none.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - name: its name there.
  /// - Throws: where the name is ill-formed, or the file cannot be written.
  public func add(_ file: AdapterFile, as name: String) throws {
    let target = try self.file(of: name)
    try Folder.make(path)
    try AtomicFile.copy(file.path, to: target)
  }

  /// Removes a file from the folder.
  ///
  /// - Throws: ``RegistryError/unknown(kind:name:known:nearest:)`` where there is none of that name.
  public func remove(_ name: String) throws {
    let file = try file(of: name), names = names
    guard names.contains(name) else {
      throw RegistryError.unknown(
        kind: "adapter in \(path)", name: name, known: names, nearest: name.nearest(among: names))
    }
    guard unlink(file) == 0 else { throw FileError.unwritable(path: file, reason: FileError.systemReason) }
  }
}
