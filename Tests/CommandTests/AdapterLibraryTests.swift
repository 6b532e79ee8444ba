import ARPG
import Foundation
import TestSupport
import Testing

@Suite("Adapters of shared libraries", .enabled(if: CompiledLibrary.compiler != nil, "\(CompiledLibrary.need)"))
struct AdapterLibraryTests {
  private let place: Workplace
  private let sketch = Workplace.example("mug.png")

  init() throws {
    place = try Workplace()
    let example = CompiledLibrary.root.appendingPathComponent("examples/adapter-in-c/gradient.c").path
    try CompiledLibrary.compile(file: example, to: place.path("gradient.so"))
  }

  /// A library whose adapter `push` moves all positions towards code 5, with the strength of its option.
  private func compilePush() throws {
    let descriptor = """
      {"name": "push", "summary": "one code everywhere", "input": "image", "shorthand": "push", "condition": "tokens",
       "options": [{"name": "by", "summary": "how far", "type": "number", "minimum": 0, "maximum": 1, "default": "1"}]}
      """
    let source = """
      static int32_t preprocess(void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
        (void)context, (void)message;
        for (size_t i = 0; i < (size_t)request->width * request->height; i++) {
          result->values[i] = (float)arpg_number(request, "by");
        }
        result->channels = 1;
        return ARPG_OK;
      }
      static int32_t tokens(
          void *context, const ArpgControl *control, const ArpgDecoder *decoder, uint32_t layer, float *tokens,
          ArpgMessage *message) {
        (void)context, (void)message;
        if (layer + 1 < decoder->layers) return ARPG_NOTHING;
        for (uint32_t token = 0; token < decoder->rows * decoder->columns; token++) {
          for (uint32_t i = 0; i < decoder->dim; i++) {
            *tokens++ = 20 * control->values[0] * decoder->output_weights[5 * decoder->dim + i];
          }
        }
        return ARPG_OK;
      }
      """
    try CompiledLibrary.compile(
      source + CompiledLibrary.table(descriptor: descriptor.asCLiteral, ".preprocess = preprocess, .tokens = tokens"),
      to: place.path("push.so"))
  }

  @Test("Adapters of a library describe themselves and preprocess, by a name without a slash in the current folder")
  func tools() throws {
    let text = try place.run("adapters", "gradient", "--adapter-library", "gradient.so").output
    for word in ["soft edges", "--gradient FILE", "threshold", "0 to 8"] { #expect(text.contains(word), "\(text)") }
    let names = try place.run("adapters", "--adapter-library=./gradient.so").lines.map { $0.prefix { $0 != " " } }
    #expect(names.contains("canny") && names.last == "gradient")
    let json = try ARPGProcess(
      ["adapters", "gradient", "--adapter-library", "gradient.so", "--json"], in: place.folder)
    #expect(json.output.contains("\"gain\""))
    try place.run(
      "preprocess", "gradient", sketch, "-o", "edges.png", "--option", "gain=2", "--adapter-library", "gradient.so")
    let levels = try place.image("edges.png").greyValues
    #expect(levels.max() == 255 && levels.min() == 0)
    let flat = try place.run(
      "preprocess", "gradient", sketch, "-o", "flat.png", "--option", "threshold=1", "--option", "gain=0",
      "--adapter-library", "gradient.so")
    #expect(flat.errors.contains("gradient: there are no edges in it; lower threshold"))
    let help = try place.run("control", "--help", "--adapter-library", "gradient.so").output
    #expect(help.contains("--gradient FILE") && help.contains("--adapter-library <file>"))
    try place.refuse(
      "control", "--gradient", sketch, "--adapter-library", "gradient.so", saying: "gradient", "no weights")
  }

  @Test("An adapter of a library is trained for a model, kept as a file, and used")
  func training() throws {
    let library = ["--adapter-library", "gradient.so"]
    func run(_ arguments: [String]) throws {
      let process = try ARPGProcess(arguments + library, in: place.folder)
      #expect(process.status == 0, "\(arguments): \(process.errors)")
    }
    try place.run("data", "scenes", "-o", "scenes", "--count", "2", "--size", "256")
    try run(["data", "prepare", "scenes", "-o", "data", "--adapters", "gradient"])
    try run([
      "train", "adapter", "--data", "data", "-o", "run", "--set", "adapters=gradient", "--set", "batch=1", "--steps",
      "2", "--quiet",
    ])
    try run(["adapters", "check", "run/model/gradient.safetensors"])
    try run(["adapters", "export", "gradient", "--model", "run/model", "-o", "soft.safetensors"])
    let sampling = ["--class", "mug", "--seed", "3", "--steps", "4"]
    try run(["control", "--model", "run/model", "--gradient", sketch, "-o", "own.png"] + sampling)
    try run(["control", "--adapter", "soft.safetensors", "--gradient", sketch, "-o", "file.png"] + sampling)
    #expect(try place.image("own.png") == place.image("file.png"))
    try place.refuse(
      "control", "--adapter", "soft.safetensors", "--control", "gradient=\(sketch)",
      saying: "'gradient', which this program does not have")
  }

  @Test("Condition tokens of a library change an image, and change nothing at a strength of 0")
  func tokens() throws {
    try compilePush()
    func image(_ name: String, _ push: String, _ others: [String] = []) throws -> Image {
      let process = try ARPGProcess(
        ["control", "--edges", sketch, "--push", push, "-o", name, "--seed", "3", "--steps", "4"]
          + ["--adapter-library", "push.so"] + others, in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
      return try place.image(name)
    }
    let pushed = try image("pushed.png", sketch), none = try image("none.png", "\(sketch),strength=0")
    #expect(pushed != none)
    #expect(try image("by.png", "\(sketch),by=0") == none)
    #expect(try image("two.png", sketch, ["--adapter-library", "gradient.so"]) == pushed)
  }

  @Test("Libraries that cannot be used are refused in one line, by commands that have no use for them altogether")
  func refusals() throws {
    let control = ["control", "--edges", sketch, "--adapter-library"]
    func refuse(_ path: String, _ words: String..., command: [String]? = nil) throws {
      let process = try ARPGProcess((command ?? control) + [path], in: place.folder, seconds: 20)
      let lines = process.errors.split(separator: "\n")
      #expect((1...64).contains(process.status) && lines.count(where: { $0.hasPrefix("Error: ") }) == 1)
      for word in words { #expect(lines[0].contains(word), "\(process.errors)") }
    }
    try refuse("missing.so", "missing.so", "No such file")
    try refuse("libm.so.6", "libm.so.6", "No such file")
    try refuse(place.folder.path, "it is a folder")
    try refuse(sketch, "it is no ELF file")
    try Data(contentsOf: URL(fileURLWithPath: place.path("gradient.so"))).prefix(3000)
      .write(to: URL(fileURLWithPath: place.path("part.so")))
    try refuse("part.so", "part.so", "cannot be loaded")
    try CompiledLibrary.compile("int nothing(void); int nothing(void) { return 0; }", to: place.path("empty.so"))
    try refuse("empty.so", "empty.so", "arpg_adapter_library")
    try refuse(
      "gradient.so", "has that name", command: ["adapters", "--adapter-library", "gradient.so", "--adapter-library"])
    try refuse("gradient.so", "Unknown option '--adapter-library'", command: ["info", "--adapter-library"])
  }
}
