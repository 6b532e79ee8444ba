import ARPG
import ARPGAdapterLibraries
import Foundation
import TestSupport
import Testing

@Suite(
  "Files that are no library of adapters, or a wrong one, are refused in one line",
  .enabled(if: CompiledLibrary.compiler != nil, "\(CompiledLibrary.need)"))
struct RefusalTests {
  private let libraries: Libraries

  init() throws { libraries = try Libraries() }

  private func file(_ name: String) -> String { libraries.folder.file(name) }

  @Test("What is no shared library")
  func files() throws {
    #expect(try libraries.refusal(of: file("missing.so")).contains("No such file"))
    #expect(try libraries.refusal(of: libraries.folder.path).contains("it is a folder"))
    mkfifo(file("pipe.so"), 0o600)
    #expect(try libraries.refusal(of: file("pipe.so")).contains("not a regular file"))
    let texts: [[UInt8]] = [[], [0x7F], Array("#!/bin/sh\n".utf8), [0x7F, 0x45, 0x4C, 0x46]]
    for bytes in texts + [[0x7F, 0x45, 0x4C, 0x46, 2, 1] + Array(repeating: 0xFF, count: 4000)] {
      let path = try libraries.folder.write(bytes, as: "text.so")
      #expect(try libraries.refusal(of: path).contains("cannot be loaded as a shared library"))
    }
  }

  @Test("A library that was not copied to its end, at every length")
  func truncated() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: libraries.compile(table())))
    let segments = try #require(Self.endOfSegments(bytes))
    for length in stride(from: 0, to: segments, by: max(1, segments / 97)) {
      let path = try libraries.folder.write(bytes.prefix(length), as: "part-\(length).so")
      #expect(try libraries.refusal(of: path).contains("cannot be loaded"))
    }
  }

  /// Where the last segment that is loaded ends in an ELF file of 64 bits.
  private static func endOfSegments(_ bytes: Data) -> Int? {
    bytes.withUnsafeBytes { bytes in
      let table = Int(bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
      let count = Int(bytes.loadUnaligned(fromByteOffset: 56, as: UInt16.self))
      return (0..<count).map { table + $0 * 56 }
        .filter { bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self) == 1 }
        .map {
          bytes.loadUnaligned(fromByteOffset: $0 + 8, as: Int.self)
            + bytes.loadUnaligned(fromByteOffset: $0 + 32, as: Int.self)
        }
        .max()
    }
  }

  private func table() -> String {
    Libraries.red + CompiledLibrary.table(descriptor: Libraries.descriptor().asCLiteral, ".preprocess = red")
  }

  @Test("A library without the function, or that needs what is not there")
  func symbols() throws {
    #expect(try libraries.refusal("int other(void); int other(void) { return 1; }").contains("arpg_adapter_library"))
    let undefined = """
      const ArpgAdapterLibrary *defined_nowhere(void);
      const ArpgAdapterLibrary *arpg_adapter_library(uint32_t version) { (void)version; return defined_nowhere(); }
      """
    #expect(try libraries.refusal(undefined).contains("defined_nowhere"))
  }

  @Test(
    "Tables of another version or with a wrong field",
    arguments: [
      (
        "2, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, adapters",
        "found version 2 of the adapter interface, expected version 1"
      ),
      ("1, 8, sizeof(ArpgAdapter), 1, adapters", "struct_size: found 8"),
      ("1, sizeof(ArpgAdapterLibrary), 8, 1, adapters", "adapter_size: found 8"),
      ("1, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 0, adapters", "adapter_count: found 0"),
      ("1, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 100000, adapters", "adapter_count: found 100000"),
      ("1, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, NULL", "adapters: found NULL"),
      ("1, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, adapters", "the descriptor NULL"),
    ])
  func tables(fields: String, word: String) throws {
    let source = """
      const ArpgAdapter adapters[1];
      static const ArpgAdapterLibrary library = {\(fields)};
      const ArpgAdapterLibrary *arpg_adapter_library(uint32_t version) { (void)version; return &library; }
      """
    let error = try libraries.refusal(source)
    #expect(error.contains(word), "\(error)")
  }

  @Test("A library that serves no such program")
  func noTable() throws {
    let source = "const ArpgAdapterLibrary *arpg_adapter_library(uint32_t version) { (void)version; return NULL; }"
    #expect(try libraries.refusal(source).contains("expected version 1"))
  }

  @Test(
    "Descriptors and functions that do not belong together or are not there",
    arguments: [
      ("not JSON", ".preprocess = red", "it is not JSON"),
      ("[]", ".preprocess = red", "expected a JSON object"),
      (#"{"name": "a", "summary": "b", "input": "image"}"#, ".preprocess = red", "condition is missing"),
      (Libraries.descriptor("A b"), ".preprocess = red", "lower-case"),
      (Libraries.descriptor(input: "sound"), ".preprocess = red", "input"),
      (Libraries.descriptor(condition: "magic"), ".preprocess = red", "condition"),
      (Libraries.descriptor(condition: "tokens"), ".preprocess = red", "no function tokens"),
      (Libraries.descriptor(), ".preprocess = NULL, .destroy = free", "the function preprocess NULL"),
      (
        Libraries.descriptor(
          options: #"[{"name": "x", "summary": "y", "type": "whole", "minimum": 2, "maximum": 1, "default": "1"}]"#),
        ".preprocess = red", "maximum"
      ),
      (
        Libraries.descriptor(options: #"[{"name": "strength", "summary": "y", "type": "toggle", "default": "on"}]"#),
        ".preprocess = red", "every control has"
      ),
    ])
  func descriptors(descriptor: String, functions: String, word: String) throws {
    // The compiler refuses functions that nothing uses.
    let used = "\nextern ArpgPreprocess used; ArpgPreprocess used = red;\n"
    let error = try libraries.refusal(
      Libraries.red + used + CompiledLibrary.table(descriptor: descriptor.asCLiteral, functions))
    #expect(error.contains(word), "\(error)")
  }

  @Test("A descriptor without an end")
  func large() throws {
    let source = """
      static char text[3 << 20];
      static ArpgAdapter adapters[] = {{ .descriptor = text, .preprocess = red }};
      static const ArpgAdapterLibrary library = {
        ARPG_ADAPTER_INTERFACE_VERSION, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, adapters};
      const ArpgAdapterLibrary *arpg_adapter_library(uint32_t version) {
        (void)version;
        memset(text, ' ', sizeof text);
        return &library;
      }
      """
    #expect(try libraries.refusal(Libraries.red + source).contains("more than 1048576 bytes"))
  }

  @Test("A context that cannot be made")
  func context() throws {
    let create = """
      static int32_t create(void **context, ArpgMessage *message) { (void)context; return arpg_fail(message, "no\\nlicence"); }
      """
    let source =
      Libraries.red + create
      + CompiledLibrary.table(descriptor: Libraries.descriptor().asCLiteral, ".create = create, .preprocess = red")
    #expect(try libraries.refusal(source).hasSuffix("): no licence"))
  }

  @Test("A name that is taken leaves the registry as it is")
  func taken() throws {
    let library = try libraries.load(table())
    var registry = AdapterRegistry()
    try library.register(in: &registry)
    let error = #expect(throws: AdapterLibraryError.self) { try library.register(in: &registry) }
    #expect("\(try #require(error))".contains("the adapter 'sample' has that name"))
    #expect(registry.adapters.count == 1)
  }
}
