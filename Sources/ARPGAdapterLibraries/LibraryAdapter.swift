import ARPG
import ARPGTensor
import CARPGAdapter

/// The functions of one adapter of a library, with the context that it made for them. They may be called on several threads
/// at once, which the interface asks of them.
final class LibraryAdapter: @unchecked Sendable {
  private let path, name: String
  private let functions: ArpgAdapter
  private let context: UnsafeMutableRawPointer?

  /// Makes the context.
  ///
  /// - Throws: ``AdapterLibraryError`` where the library cannot.
  init(_ functions: ArpgAdapter, name: String, path: String) throws(AdapterLibraryError) {
    (self.path, self.name, self.functions) = (path, name, functions)
    var made: UnsafeMutableRawPointer?
    let (code, message) = LibraryMessage.reading { message in
      var message = message
      return functions.create.map { $0(&made, &message) } ?? Int32(ARPG_OK)
    }
    context = made
    try check(code, of: "create", message)
  }

  deinit {
    if let context { functions.destroy?(context) }
  }

  /// Whether an image tells its control.
  var tellsControlOfImage: Bool { functions.control_of_image != nil }

  /// The control image of an input.
  ///
  /// - Throws: ``AdapterLibraryError``.
  func preprocess(
    _ input: AdapterInput, options: OptionValues, of descriptor: AdapterDescriptor, in context: PreprocessingContext
  ) throws -> PreparedControl {
    guard input.kind == descriptor.input else {
      throw refused("it takes \(descriptor.input.phrase), and was given \(input.kind.phrase)")
    }
    guard let control = try run(functions.preprocess, "preprocess", input, options, descriptor, context) else {
      throw wrong("ARPG_NOTHING from preprocess", "ARPG_OK or ARPG_FAILED")
    }
    return control
  }

  /// The control image that an image follows; nil where it does not tell.
  ///
  /// - Throws: ``AdapterLibraryError``.
  func control(
    of image: FittedImage, options: OptionValues, of descriptor: AdapterDescriptor, in context: PreprocessingContext
  ) throws -> PreparedControl? {
    try run(functions.control_of_image, "control_of_image", .image(image), options, descriptor, context)
  }

  private func run(
    _ function: ArpgPreprocess?, _ title: String, _ input: AdapterInput, _ options: OptionValues,
    _ descriptor: AdapterDescriptor, _ context: PreprocessingContext
  ) throws -> PreparedControl? {
    guard let function else { return nil }
    let size = if case .image(let image) = input { image.size } else { context.imageSize ?? LibraryRequest.previewSize }
    let memory = try LibraryRequest(input, size: size, options: options, of: descriptor, in: context)
    let count = size.width * size.height
    var values = [Float](repeating: .nan, count: 3 * count)
    let ((code, channels, note), message) = LibraryMessage.reading { message in
      let ((code, channels), note) = LibraryMessage.reading { note in
        values.withUnsafeMutableBufferPointer { room in
          var result = ArpgControlImage(
            width: UInt32(size.width), height: UInt32(size.height), values: room.baseAddress, channels: 0, note: note)
          var request = memory.request, message = message
          let code = withExtendedLifetime(memory) { function(self.context, &request, &result, &message) }
          return (code, Int(result.channels))
        }
      }
      return (code, channels, note)
    }
    if code == Int32(ARPG_NOTHING) { return nil }
    try check(code, of: title, message)
    if let fault = note.fault { throw wrong("a note \(fault)", "one line of UTF-8 with a zero byte behind it") }
    guard channels == 1 || channels == 3 else {
      throw wrong("a control image of \(channels) channels", "1 or 3, set in result->channels")
    }
    if let index = values.prefix(channels * count).firstIndex(where: { !(-1...1 ~= $0) }) {
      let place = "channel \(index / count), row \(index % count / size.width), column \(index % size.width)"
      throw wrong(
        "\(values[index]) in \(place) of its control image",
        "\(channels) x \(size.height) x \(size.width) values, each written, of -1 to 1")
    }
    let text = note.text.isEmpty ? nil : note.text
    guard channels == 3 else {
      let plane = Plane(width: size.width, height: size.height, values: values.prefix(count).map { ($0 + 1) / 2 })
      return PreparedControl(controlImage: plane, note: text)
    }
    let tensor = Tensor(shape: [3, size.height, size.width], values: values)
    return PreparedControl(values: tensor, image: Image(tensor: tensor), note: text)
  }

  /// The condition tokens of one control for one layer, `[tokens, dim]`; nil where the layer is given none.
  ///
  /// - Throws: ``AdapterLibraryError``.
  func tokens(
    of control: Tensor, layer: Int, layout: DecoderLayout, outputWeights: Tensor
  ) throws -> [Float]? {
    guard let function = functions.tokens else { return nil }
    var values = [Float](repeating: .nan, count: layout.tokens * layout.dim)
    let hasWeights = outputWeights.shape == [layout.vocab, layout.dim]
    let (code, message) = LibraryMessage.reading { message in
      control.withValues { pixels in
        outputWeights.withValues { weights in
          values.withUnsafeMutableBufferPointer { room in
            var control = ArpgControl(
              width: UInt32(control.shape[2]), height: UInt32(control.shape[1]), values: pixels.baseAddress)
            var decoder = ArpgDecoder(
              layers: UInt32(layout.injectableLayers), rows: UInt32(layout.rows), columns: UInt32(layout.columns),
              dim: UInt32(layout.dim), vocab: UInt32(layout.vocab),
              output_weights: hasWeights ? weights.baseAddress : nil)
            var message = message
            return function(context, &control, &decoder, UInt32(layer), room.baseAddress, &message)
          }
        }
      }
    }
    if code == Int32(ARPG_NOTHING) { return nil }
    try check(code, of: "tokens", message)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw wrong(
        "\(values[index]) in token \(index / layout.dim) of layer \(layer), value \(index % layout.dim)",
        "\(layout.tokens) x \(layout.dim) values, each written, finite")
    }
    return values
  }

  /// Checks what a function returned.
  private func check(_ code: Int32, of function: String, _ message: LibraryMessage) throws(AdapterLibraryError) {
    guard code != Int32(ARPG_OK) else { return }
    guard code == Int32(ARPG_FAILED) else {
      throw wrong("\(code) from \(function)", "ARPG_OK, \(ARPG_OK), or ARPG_FAILED, \(ARPG_FAILED)")
    }
    if let fault = message.fault {
      throw wrong(
        "an error \(fault), '\(message.text.prefix(80))', from \(function)",
        "one line of UTF-8 with a zero byte behind it")
    }
    guard !message.text.isEmpty else { throw wrong("an error without a message from \(function)", "one line") }
    throw refused(message.text)
  }

  /// What the adapter says of something that it cannot use.
  func refused(_ message: String) -> AdapterLibraryError { .refused(path: path, adapter: name, message: message) }

  /// A result that breaks a rule.
  func wrong(_ found: String, _ expected: String) -> AdapterLibraryError {
    .wrongResult(path: path, adapter: name, found: found, expected: expected)
  }
}
