import ARPG
import ARPGTensor
import CARPGAdapter
import Foundation

/// What a function of a library is given, in memory that lives as long as this object.
final class LibraryRequest {
  /// The request; its pointers are valid as long as the object.
  private(set) var request = ArpgRequest()
  private var blocks: [UnsafeMutableRawPointer] = []

  /// The size of a control image where neither an image nor a model tells it.
  static let previewSize = ImageSize(width: 256, height: 256)

  /// A request for a control image.
  ///
  /// - Parameters:
  ///   - input: the main input.
  ///   - size: of the canvas.
  init(
    _ input: AdapterInput, size: ImageSize, options: OptionValues, of descriptor: AdapterDescriptor,
    in context: PreprocessingContext
  ) throws {
    (request.width, request.height) = (UInt32(size.width), UInt32(size.height))
    request.input = add(input, named: "", size)
    let further = descriptor.options.compactMap { option in
      options.input(option).map { add($0, named: option.name, size) }
    }
    (request.further_inputs, request.further_input_count) = (copy(further), UInt32(further.count))
    let values = descriptor.options.filter { $0.input == nil }.map { ($0, options.value(of: $0)) }
    let entries = values.map { option, value in
      ArpgOption(
        name: copy(option.name), text: options.text(option.name).map(copy), number: value.asNumber)
    }
    (request.options, request.option_count) = (copy(entries), UInt32(entries.count))
    let json = JSONValue.object(Dictionary(values.map { ($0.name, $1) }) { first, _ in first })
    request.options_json = copy(String(decoding: try JSONEncoder().encode(json), as: UTF8.self))
    let names = context.classNames.map { Optional(copy($0)) }
    (request.class_names, request.class_name_count) = (copy(names), UInt32(names.count))
  }

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// An input as the interface has it; an image of another canvas is brought onto this one.
  private func add(_ input: AdapterInput, named name: String, _ size: ImageSize) -> ArpgInput {
    var added = ArpgInput()
    added.name = copy(name)
    switch input {
    case .image(let image):
      added.kind = UInt32(ARPG_IMAGE)
      added.image = add(image.size == size ? image : FittedImage(image.source, to: size, fit: image.fit))
    case .text(let text):
      added.kind = UInt32(ARPG_TEXT)
      (added.bytes, added.length) = (copy(text), text.utf8.count)
    case .tensor(let tensor):
      added.kind = UInt32(ARPG_TENSOR)
      (added.values, added.shape) = (copy(tensor.values), copy(tensor.shape))
      added.dimensions = UInt32(tensor.shape.count)
    case .file(let bytes):
      added.kind = UInt32(ARPG_FILE)
      (added.bytes, added.length) = (copy(bytes.map(CChar.init(bitPattern:)) + [0]), bytes.count)
    }
    return added
  }

  private func add(_ fitted: FittedImage) -> ArpgImage {
    let size = fitted.size, content = fitted.content
    let image = fitted.cropped(columns: 0..<size.width, rows: 0..<size.height)
    return ArpgImage(
      width: UInt32(size.width), height: UInt32(size.height), pixels: copy(image.pixels),
      alpha: image.alpha.map(copy), grey: image.deepGrey.map(copy),
      content_left: UInt32(content.columns.lowerBound), content_top: UInt32(content.rows.lowerBound),
      content_width: UInt32(content.columns.count), content_height: UInt32(content.rows.count))
  }

  /// A copy of values; an address also where there are none.
  private func copy<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafePointer<Value> {
    let block = UnsafeMutablePointer<Value>.allocate(capacity: max(1, values.count))
    block.initialize(from: values, count: values.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafePointer(block)
  }

  /// A copy of a text, ended by a zero byte.
  private func copy(_ text: String) -> UnsafePointer<CChar> { copy(text.utf8.map(CChar.init(bitPattern:)) + [0]) }
}

extension OptionValues {
  /// The value of an option that is no input; null where it has none.
  fileprivate func value(of option: OptionDescriptor) -> JSONValue {
    guard let text = text(option.name) else { return .null }
    return switch option.kind {
    case .number, .whole: Double(text).map(JSONValue.number) ?? .null
    case .toggle: .bool(isOn(option.name))
    case .choice, .text, .colour, .input: .string(text)
    }
  }

  /// What is given for an option that is an input.
  fileprivate func input(_ option: OptionDescriptor) -> AdapterInput? {
    switch option.input {
    case .image: image(option.name).map(AdapterInput.image)
    case .tensor: tensor(option.name).map(AdapterInput.tensor)
    case .file: file(option.name).map(AdapterInput.file)
    case .text, nil: nil
    }
  }
}

extension JSONValue {
  /// A number, or a toggle as 1 or 0; NaN for all others.
  fileprivate var asNumber: Double {
    switch self {
    case .number(let number): number
    case .bool(let isOn): isOn ? 1 : 0
    default: .nan
    }
  }
}
