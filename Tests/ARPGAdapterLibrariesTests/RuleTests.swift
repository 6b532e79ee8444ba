import ARPGAdapterLibraries
import ARPGAdapterTesting
import TestSupport
import Testing

@Suite(
  "Adapters of libraries keep the rules of all adapters",
  .enabled(if: CompiledLibrary.compiler != nil, "\(CompiledLibrary.need)"))
struct RuleTests {
  private let libraries: Libraries

  init() throws { libraries = try Libraries() }

  /// Rules of scores, which libraries do not have.
  private func isOfScores(_ rule: AdapterRule) -> Bool { rule.number >= AdapterRule.scoreDescriptions.number }

  @Test("The example in C, whose control images go through a network", arguments: AdapterRule.allCases)
  func network(rule: AdapterRule) async throws {
    let source = CompiledLibrary.root.appendingPathComponent("examples/adapter-in-c/gradient.c").path
    let path = libraries.folder.file("gradient.so")
    try CompiledLibrary.compile(file: source, to: path)
    let adapter = try #require(try AdapterLibrary(path).adapters.first)
    let outcome = try await rule.check(adapter)
    #expect((outcome != .kept) == (isOfScores(rule) || [.nullPrefix].contains(rule)), "\(outcome)")
  }

  @Test("One that draws a control image of a text", arguments: AdapterRule.allCases)
  func text(rule: AdapterRule) async throws {
    let source = """
      static int32_t bars(void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
        (void)context;
        if (request->input.length == 0) return arpg_fail(message, "it takes a text of one letter or more");
        for (uint32_t y = 0; y < result->height; y++) {
          for (uint32_t x = 0; x < result->width; x++) {
            size_t letter = x * request->input.length / result->width;
            int bright = (unsigned char)request->input.bytes[letter] * result->height / 256 > y;
            result->values[y * result->width + x] = bright ? 1 : -1;
          }
        }
        result->channels = 1;
        return ARPG_OK;
      }
      """
    let adapter = try libraries.adapter(
      source, descriptor: Libraries.descriptor("bars", input: "text"), ".preprocess = bars")
    let outcome = try await rule.check(adapter)
    #expect(
      (outcome != .kept) == (isOfScores(rule) || [.options, .nullPrefix, .controlOfImage].contains(rule)), "\(outcome)")
  }

  @Test("One that makes condition tokens, with memory of its own for its context", arguments: AdapterRule.allCases)
  func tokens(rule: AdapterRule) async throws {
    let source =
      Libraries.red + """
        static int32_t create(void **context, ArpgMessage *message) {
          float *factor = malloc(sizeof(float));
          if (!factor) return arpg_fail(message, "no memory");
          *factor = 0.5f;
          *context = factor;
          return ARPG_OK;
        }
        static int32_t tokens(
            void *context, const ArpgControl *control, const ArpgDecoder *decoder, uint32_t layer, float *tokens,
            ArpgMessage *message) {
          (void)message;
          if (layer % 2 == 0) return ARPG_NOTHING;
          for (uint32_t row = 0; row < decoder->rows; row++) {
            for (uint32_t column = 0; column < decoder->columns; column++) {
              uint32_t y = row * control->height / decoder->rows, x = column * control->width / decoder->columns;
              for (uint32_t i = 0; i < decoder->dim; i++) {
                *tokens++ = *(const float *)context * control->values[y * control->width + x + 2]
                    * decoder->output_weights[(decoder->vocab - 1) * decoder->dim + i];
              }
            }
          }
          return ARPG_OK;
        }
        """
    let adapter = try libraries.adapter(
      source, descriptor: Libraries.descriptor(condition: "tokens"),
      ".create = create, .destroy = free, .preprocess = red, .tokens = tokens")
    let outcome = try await rule.check(adapter)
    let skipped = Set(AdapterRule.allCases.filter { $0.number >= 13 } + [.options, .fit, .nullPrefix])
    #expect((outcome != .kept) == skipped.contains(rule), "\(outcome)")
  }
}
