import ARPG
import ARPGAdapterLibraries
import ARPGDecoder
import ARPGTensor
import Foundation
import TestSupport
import Testing

@Suite(
  "What functions of libraries are given, and what they may give",
  .enabled(if: CompiledLibrary.compiler != nil, "\(CompiledLibrary.need)"))
struct ResultTests {
  private let libraries: Libraries

  init() throws { libraries = try Libraries() }

  private func preprocess(
    _ adapter: any ControlAdapter, _ input: ControlInput, options: [String: String] = [:],
    inputs: [String: ControlInput] = [:], size: ImageSize? = ImageSize(width: 6, height: 4), fit: ImageFit = .crop,
    classNames: [String] = []
  ) throws -> PreparedControl {
    let values = try OptionValues(
      options, inputs: inputs.mapValues { AdapterInput($0, size: size, fit: fit) }, for: adapter.descriptor)
    let controls = try adapter.makePreprocessor(nil).preprocess(
      AdapterInput(input, size: size, fit: fit), options: values,
      in: PreprocessingContext(imageSize: size, classNames: classNames))
    return try #require(controls.first)
  }

  /// Each wrong result, the word that its error has, and the code that gives it, in front of which the result is a grey image.
  static let faults: [(code: String, word: String)] = [
    ("result->values[3] = NAN;", "nan in channel 0, row 0, column 3"),
    ("result->values[7] = INFINITY;", "inf in channel 0, row 1, column 1"),
    ("result->values[0] = 1.5f;", "1.5 in channel 0"),
    ("result->channels = 3;", "nan in channel 1, row 0, column 0"),
    ("result->channels = 0;", "a control image of 0 channels"),
    ("result->channels = 4000000000u;", "a control image of 4000000000 channels"),
    ("return ARPG_NOTHING;", "ARPG_NOTHING from preprocess"),
    ("return -7;", "-7 from preprocess"),
    ("return ARPG_FAILED;", "an error without a message"),
    ("memset(message->bytes, 'a', message->size); return ARPG_FAILED;", "without an end within 1024 bytes"),
    ("return arpg_fail(message, \"\\xff\\xfe\");", "that is not UTF-8"),
    ("memset(result->note.bytes, 'a', result->note.size);", "a note without an end"),
    ("result->note.bytes[0] = (char)0xc3;", "a note that is not UTF-8"),
    ("message->bytes = NULL; result->note.bytes = NULL; return ARPG_FAILED;", "an error without a message"),
    ("return arpg_fail(message, \"two\\n\\nlines\\r\\x1b[1m\");", "): two lines [1m"),
  ]

  @Test("Wrong results are errors of one line", arguments: faults)
  func wrong(code: String, word: String) throws {
    let source =
      Libraries.red + """
        static int32_t wrong(void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
          red(context, request, result, message);
          \(code)
          return ARPG_OK;
        }
        """
    let adapter = try libraries.adapter(source, descriptor: Libraries.descriptor(), ".preprocess = wrong")
    let image = ControlInput.image(Image(width: 6, height: 4, grey: Array(repeating: 9, count: 24)))
    let error = #expect(throws: AdapterLibraryError.self) { try preprocess(adapter, image) }
    let text = "\(try #require(error))"
    #expect(text.contains(word) && !text.contains("\n"), "\(text)")
  }

  @Test("Grey and coloured control images, with a note")
  func images() throws {
    let source =
      Libraries.red + """
        static int32_t both(void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
          red(context, request, result, message);
          size_t count = (size_t)result->width * result->height;
          if (arpg_number(request, "coloured") == 0) return ARPG_OK;
          for (size_t i = 0; i < 3 * count; i++) {
            result->values[i] = request->input.image.pixels[3 * (i % count) + i / count] / 127.5f - 1;
          }
          result->channels = 3;
          snprintf(result->note.bytes, result->note.size, "read\\nas colours");
          return ARPG_OK;
        }
        """
    let options = #"[{"name": "coloured", "summary": "three channels", "type": "toggle", "default": "off"}]"#
    let adapter = try libraries.adapter(
      source, descriptor: Libraries.descriptor(options: options), ".preprocess = both")
    let image = Image(width: 6, height: 4, pixels: (0..<72).map { UInt8($0 * 3) })
    let grey = try preprocess(adapter, .image(image))
    #expect(grey.note == nil && grey.image?.isGrey == true)
    #expect(grey.image?.pixels[3] == image.pixels[3] && grey.values.shape == [3, 4, 6])
    let coloured = try preprocess(adapter, .image(image), options: ["coloured": "on"])
    #expect(coloured.image == image && coloured.values.values == image.tensor.values)
    #expect(coloured.note == "read as colours")
  }

  /// A function that writes into its note what it was given.
  private static let report = """
    static int32_t report(void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
      (void)context, (void)message;
      for (size_t i = 0; i < (size_t)result->width * result->height; i++) result->values[i] = 0;
      result->channels = 1;
      const ArpgInput *input = &request->input;
      int written = snprintf(
          result->note.bytes, result->note.size, "%ux%u kind=%u length=%zu", request->width, request->height, input->kind,
          input->length);
      if (input->kind == ARPG_IMAGE) {
        const ArpgImage *image = &input->image;
        written += snprintf(
            result->note.bytes + written, result->note.size - written, " content=%u,%u,%u,%u alpha=%d grey=%d",
            image->content_left, image->content_top, image->content_width, image->content_height,
            image->alpha ? image->alpha[7] : -1, image->grey ? image->grey[7] : -1);
      }
      if (input->kind == ARPG_TEXT || input->kind == ARPG_FILE) {
        unsigned sum = 0;
        for (size_t i = 0; i <= input->length; i++) sum += (unsigned char)input->bytes[i];
        written += snprintf(result->note.bytes + written, result->note.size - written, " sum=%u", sum);
      }
      if (input->kind == ARPG_TENSOR) {
        written += snprintf(
            result->note.bytes + written, result->note.size - written, " dimensions=%u last=%zu value=%g", input->dimensions,
            input->shape[input->dimensions - 1], input->values[0]);
      }
      const ArpgInput *further = arpg_further_input(request, "where");
      const ArpgOption *word = arpg_option(request, "word");
      snprintf(
          result->note.bytes + written, result->note.size - written, " further=%u where=%ux%u size=%g word=%s isnan=%d json=%s classes=%u:%s",
          request->further_input_count, further ? further->image.width : 0, further ? further->image.height : 0,
          arpg_number(request, "size"), word->text ? word->text : "NULL", isnan(word->number) && isnan(arpg_number(request, "none")),
          request->options_json, request->class_name_count, request->class_name_count ? request->class_names[1] : "");
      return ARPG_OK;
    }
    """
  private static let options = """
    [{"name": "size", "summary": "a", "type": "number", "minimum": 0, "maximum": 9, "default": "2.5"},
     {"name": "word", "summary": "b", "type": "text", "example": "c"},
     {"name": "where", "summary": "d", "type": "image"}]
    """

  private func reporter(_ input: String) throws -> any ControlAdapter {
    try libraries.adapter(
      Self.report, descriptor: Libraries.descriptor(input: input, options: Self.options), ".preprocess = report")
  }

  @Test(
    "Images lie on the canvas with alpha, grey of 16 bits and padding; options and further inputs are there by name")
  func request() throws {
    let image = Image(
      width: 4, height: 4, pixels: Array(repeating: 8, count: 48), deepGrey: Array(repeating: 40000, count: 16),
      alpha: Array(repeating: 90, count: 16))
    let adapter = try reporter("image")
    let padded = try preprocess(
      adapter, .image(image), options: ["word": "\"x\"", "size": "3"],
      inputs: ["where": .image(Image(width: 50, height: 9, grey: Array(repeating: 1, count: 450)))], fit: .pad,
      classNames: ["mug", "house"])
    #expect(
      padded.note
        == #"6x4 kind=0 length=0 content=1,0,4,4 alpha=90 grey=40000 further=1 where=6x4 size=3 word="x" isnan=1 "#
        + #"json={"size":3,"word":"\"x\""} classes=2:house"#
        || padded.note
          == #"6x4 kind=0 length=0 content=1,0,4,4 alpha=90 grey=40000 further=1 where=6x4 size=3 word="x" isnan=1 "#
          + #"json={"word":"\"x\"","size":3} classes=2:house"#,
      "\(padded.note ?? "")")
    let alone = try #require(preprocess(adapter, .image(image), size: nil).note)
    #expect(
      alone.hasPrefix("4x4 kind=0 length=0 content=0,0,4,4 alpha=90 grey=40000 further=0 where=0x0 size=2.5 word=NULL"))
    #expect(alone.contains("\"word\":null"))
  }

  @Test("Texts and files are given with their length, numbers with their shape")
  func inputs() throws {
    let text = try #require(preprocess(reporter("text"), .text("a\0é")).note)
    #expect(text.hasPrefix("6x4 kind=1 length=4 sum=\(97 + 0xC3 + 0xA9) "))
    #expect(
      try #require(preprocess(reporter("text"), .text(""), size: nil).note).hasPrefix("256x256 kind=1 length=0 sum=0 "))
    let file = try #require(preprocess(reporter("file"), .file(Data([255, 0, 7]))).note)
    #expect(file.hasPrefix("6x4 kind=3 length=3 sum=262 "))
    let tensor = Tensor(shape: [2, 3], values: [0.5, 1, 2, 3, 4, 5])
    let numbers = try #require(preprocess(reporter("tensor"), .tensor(tensor)).note)
    #expect(numbers.hasPrefix("6x4 kind=2 length=0 dimensions=2 last=3 value=0.5 "))
  }

  @Test("A number without a default, which a descriptor in Swift cannot have, is not a number")
  func noDefault() throws {
    let options = Self.options.replacing("\"default\": \"2.5\"", with: "\"example\": \"2.5\"")
    let adapter = try libraries.adapter(
      Self.report, descriptor: Libraries.descriptor(options: options), ".preprocess = report")
    let note = try preprocess(adapter, .image(Image(width: 2, height: 2, grey: [1, 2, 3, 4]))).note
    #expect(try #require(note).contains("size=nan word=NULL"))
  }

  /// Each wrong function of tokens and the word that its error has.
  static let tokenFaults: [(code: String, word: String)] = [
    ("return ARPG_NOTHING;", "ARPG_NOTHING for each layer"),
    ("return ARPG_OK;", "nan in token 0 of layer 0, value 0"),
    (
      "memset(tokens, 0, 4 * decoder->rows * decoder->columns * decoder->dim); tokens[decoder->dim + 1] = INFINITY; return ARPG_OK;",
      "inf in token 1 of layer 0, value 1"
    ),
    ("return layer == 1 ? arpg_fail(message, \"no layer 1\") : ARPG_NOTHING;", "): no layer 1"),
    ("return 9;", "9 from tokens"),
    (
      "memset(tokens, 0, 4 * decoder->rows * decoder->columns * decoder->dim); return control->values[0] > 0 ? ARPG_OK : ARPG_NOTHING;",
      "tokens for layer 0 of 1 of 2 controls"
    ),
  ]

  @Test("Wrong condition tokens are errors of one line", arguments: tokenFaults)
  func wrongTokens(code: String, word: String) throws {
    let source =
      Libraries.red + """
        static int32_t tokens(
            void *context, const ArpgControl *control, const ArpgDecoder *decoder, uint32_t layer, float *tokens,
            ArpgMessage *message) {
          (void)context, (void)control, (void)decoder, (void)layer, (void)tokens, (void)message;
          \(code)
        }
        """
    let adapter = try libraries.adapter(
      source, descriptor: Libraries.descriptor(condition: "tokens"), ".preprocess = red, .tokens = tokens")
    let golden = try GoldenDecoder("arpg-tiny").load()
    let fitted = try adapter.fit(to: AdapterModel(layout: golden.layout, imageSize: ImageSize(width: 8, height: 8)))
    let encoder = try fitted.makeEncoder(nil, for: ModelParts(decoder: golden))
    let controls = try [0, 255].map { level in
      try preprocess(adapter, .image(Image(width: 6, height: 4, grey: Array(repeating: level, count: 24))))
    }
    let error = #expect(throws: AdapterLibraryError.self) { try encoder.encode(controls) }
    let text = "\(try #require(error))"
    #expect(text.contains(word) && !text.contains("\n"), "\(text)")
    let other = [PreparedControl(values: Tensor(shape: [2], repeating: 0))]
    #expect(throws: AdapterLibraryError.self) { try encoder.encode(other) }
  }
}
