import Foundation

/// Shared libraries of adapters that tests compile from C.
public enum CompiledLibrary {
  /// A C compiler of the machine; nil where there is none.
  public static let compiler: URL? =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
    .flatMap { folder in ["cc", "clang", "gcc"].map { URL(fileURLWithPath: "\(folder)/\($0)") } }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

  /// Why a test without a compiler is skipped.
  public static let need = "needs a C compiler, cc, clang or gcc, in PATH"

  /// A source that cannot be compiled.
  public struct Failure: Error, CustomStringConvertible {
    /// What the compiler says.
    public let description: String
  }

  /// The folder of `arpg_adapter.h`.
  public static var interface: URL { root.appendingPathComponent("Sources/System/CARPGAdapter") }
  /// The folder of the package.
  public static var root: URL {
    Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
  }

  /// Compiles C with all warnings as errors.
  ///
  /// - Parameters:
  ///   - source: the text of a file, in front of which `arpg_adapter.h` is included.
  ///   - path: of the library.
  public static func compile(_ source: String, to path: String) throws {
    let file = path + ".c"
    try Data(("#include <stdlib.h>\n#include \"arpg_adapter.h\"\n" + source).utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    try compile(file: file, to: path)
  }

  /// Compiles a C file with all warnings as errors.
  public static func compile(file: String, to path: String) throws {
    guard let compiler else { throw Failure(description: need) }
    let process = Process(), errors = Pipe()
    process.executableURL = compiler
    process.arguments = [
      "-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden", "-I", interface.path,
      file, "-o", path, "-lm",
    ]
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: text) }
  }

  /// A table of one adapter and the function that gives it.
  ///
  /// - Parameters:
  ///   - descriptor: what stands in front of the adapter's options, as a C expression.
  ///   - functions: the fields of `ArpgAdapter` behind the descriptor.
  public static func table(descriptor: String, _ functions: String) -> String {
    """

    static const ArpgAdapter adapters[] = {{ .descriptor = \(descriptor), \(functions) }};
    static const ArpgAdapterLibrary library = {
      ARPG_ADAPTER_INTERFACE_VERSION, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, adapters};
    const ArpgAdapterLibrary *arpg_adapter_library(uint32_t version) { (void)version; return &library; }
    """
  }
}

extension String {
  /// The text as a C string literal.
  public var asCLiteral: String {
    "\""
      + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      + "\""
  }
}
