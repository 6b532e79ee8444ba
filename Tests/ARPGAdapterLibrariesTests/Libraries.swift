import ARPG
import ARPGAdapterLibraries
import TestSupport
import Testing

/// Libraries of one adapter each, compiled for a test.
final class Libraries {
  let folder: TemporaryFolder
  private var count = 0

  init() throws { folder = try TemporaryFolder() }

  /// Compiles a source and gives the path of the library: a new one each time, since none is ever unloaded.
  func compile(_ source: String) throws -> String {
    count += 1
    let path = folder.file("library-\(count).so")
    try CompiledLibrary.compile(source, to: path)
    return path
  }

  /// Compiles a source and loads it.
  func load(_ source: String) throws -> AdapterLibrary { try AdapterLibrary(compile(source)) }

  /// Compiles functions and a table of one adapter of them, and loads it.
  func adapter(_ source: String, descriptor: String, _ functions: String) throws -> any ControlAdapter {
    let library = try load(source + CompiledLibrary.table(descriptor: descriptor.asCLiteral, functions))
    return try #require(library.adapters.first)
  }

  /// The error of a library that must be refused, which is one line that names the file.
  func refusal(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    try refusal(of: compile(source), sourceLocation: sourceLocation)
  }

  /// The error of a file that must be refused, which is one line that names the file.
  func refusal(of path: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    do {
      _ = try AdapterLibrary(path)
    } catch {
      let text = "\(error)"
      #expect(!text.contains("\n") && text.contains(path), "\(text)", sourceLocation: sourceLocation)
      return text
    }
    Issue.record("\(path) was loaded", sourceLocation: sourceLocation)
    return ""
  }

  /// A descriptor of an adapter `NAME` that takes images.
  static func descriptor(
    _ name: String = "sample", input: String = "image", condition: String = "network", options: String = "[]"
  ) -> String {
    """
    {"name": "\(name)", "summary": "for tests", "input": "\(input)", "condition": "\(condition)", "options": \(options)}
    """
  }

  /// A function that makes the red channel the control image.
  static let red = """
    static int32_t red(void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
      (void)context, (void)message;
      for (size_t i = 0; i < (size_t)request->width * request->height; i++) {
        result->values[i] = request->input.image.pixels[3 * i] / 127.5f - 1;
      }
      result->channels = 1;
      return ARPG_OK;
    }

    """
}
