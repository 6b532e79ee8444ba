import Foundation

/// The files in `Tests/Fixtures`.
public enum Fixtures {
  /// The folder of all fixtures.
  public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// The path of a fixture, given relative to the folder.
  public static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
