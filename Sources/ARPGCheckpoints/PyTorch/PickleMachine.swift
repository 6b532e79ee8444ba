import ARPGFiles

/// A value of a pickle. Containers, storages and tensors stand in tables of the machine, so that nesting, however deep,
/// costs no recursion, and cycles nothing.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer of more than 64 bits: two's complement, least significant byte first.
  case wideInteger([UInt8])
  case text(String)
  case container(Int)
  case storage(Int)
  case tensor(Int)
  /// A global by its module and name, joined by a dot; never called.
  case global(String)
  /// What calling a global would give, and no tensor needs.
  case object(of: String)
  /// Another value that no tensor needs.
  case opaque
}

/// A list, tuple or dictionary of a pickle.
struct PickleContainer {
  enum Kind { case tuple, list, dictionary }
  let kind: Kind
  /// The values; of a dictionary, keys and values in turn.
  var items: [PickleValue] = []
}

/// Runs a pickle as far as tensors need it (protocols 2 to 5). Calls nothing, and takes time and memory in proportion to
/// the pickle's size.
struct PickleMachine {
  /// The most instructions; a checkpoint has about 20 for a tensor.
  private static let maxInstructions = 1 << 22

  /// The most bytes of a pickle; it holds no values of tensors.
  static let maxBytes = 1 << 26
  /// The most bytes of the name of a module or of a global.
  private static let maxNameBytes = 256
  /// The most globals; a checkpoint has a few dozen.
  private static let maxGlobals = 1 << 12

  let path: String
  private var cursor: ByteCursor
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var globals: Set<String> = []
  private(set) var containers: [PickleContainer] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []

  private init(_ bytes: UnsafeRawBufferPointer, at position: Int, path: String) {
    self.path = path
    let limit = min(bytes.count - position, Self.maxBytes)
    cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[..<(position + limit)]), at: position)
  }

  /// Runs one pickle and gives its value, and where it ends.
  static func run(
    _ bytes: UnsafeRawBufferPointer, at position: Int = 0, path: String
  ) throws(CheckpointError) -> (machine: PickleMachine, value: PickleValue, end: Int) {
    var machine = PickleMachine(bytes, at: position, path: path)
    for _ in 0..<maxInstructions {
      if let value = try machine.step() { return (machine, value, machine.cursor.position) }
    }
    throw .unsupported(
      path: path, found: "its pickle has more than \(maxInstructions) instructions",
      remedy: "save its state_dict() alone or as safetensors")
  }

  func malformed(_ found: String, expected: String) -> CheckpointError {
    .malformed(path: path, found: "\(found) at byte \(cursor.position) of its pickle", expected: expected)
  }

  // MARK: Instructions

  /// Runs an instruction; gives the pickle's value at its end.
  private mutating func step() throws(CheckpointError) -> PickleValue? {
    let code = try number(UInt8.self)
    switch code {
    case 0x80:  // PROTO
      let version = try number(UInt8.self)
      guard 2...5 ~= version else { throw malformed("protocol \(version)", expected: "2 to 5") }
    case 0x95: _ = try take(8)  // FRAME
    case UInt8(ascii: "."): return try pop()
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"): stack.append(.integer(Int(try number(Int32.self))))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try number(UInt8.self))))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try number(UInt16.self))))
    case 0x8a: stack.append(integer(try take(number(UInt8.self))))
    case 0x8b: stack.append(integer(try take(number(Int32.self))))
    case UInt8(ascii: "G"):
      _ = try take(8)
      stack.append(.opaque)
    case UInt8(ascii: "X"): stack.append(try text(take(number(UInt32.self))))
    case 0x8c, UInt8(ascii: "U"): stack.append(try text(take(number(UInt8.self))))
    case 0x8d: stack.append(try text(take(number(UInt64.self))))
    case UInt8(ascii: "T"): stack.append(try text(take(number(Int32.self))))
    case UInt8(ascii: "B"): try skipBytes(number(UInt32.self))
    case UInt8(ascii: "C"): try skipBytes(number(UInt8.self))
    case 0x8e, 0x96: try skipBytes(number(UInt64.self))
    case UInt8(ascii: "q"): memo[Int(try number(UInt8.self))] = try top()
    case UInt8(ascii: "r"): memo[Int(try number(UInt32.self))] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try recall(Int(number(UInt8.self))))
    case UInt8(ascii: "j"): stack.append(try recall(Int(number(UInt32.self))))
    default: try build(code)
    }
    return nil
  }

  /// Runs an instruction that makes or fills containers, or names or applies a global.
  private mutating func build(_ code: UInt8) throws(CheckpointError) {
    switch code {
    case UInt8(ascii: ")"): push(.tuple)
    case UInt8(ascii: "]"): push(.list)
    case UInt8(ascii: "}"): push(.dictionary)
    case 0x8f: stack.append(.opaque)  // EMPTY_SET
    case UInt8(ascii: "t"): push(.tuple, try popToMark())
    case UInt8(ascii: "l"): push(.list, try popToMark())
    case UInt8(ascii: "d"): push(.dictionary, try pairs(popToMark()))
    case 0x85, 0x86, 0x87: push(.tuple, try pop(Int(code) - 0x84))
    case 0x91:  // FROZENSET
      _ = try popToMark()
      stack.append(.opaque)
    case UInt8(ascii: "a"): try extend(.list, with: pop(1))
    case UInt8(ascii: "e"): try extend(.list, with: popToMark())
    case UInt8(ascii: "s"): try extend(.dictionary, with: pop(2))
    case UInt8(ascii: "u"): try extend(.dictionary, with: pairs(popToMark()))
    case 0x90: _ = try popToMark()  // ADDITEMS
    case UInt8(ascii: "c"): try pushGlobal(module: line(), name: line())
    case 0x93:  // STACK_GLOBAL
      let names = try pop(2)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else {
        throw malformed("a global without a name", expected: "a module and a name")
      }
      try pushGlobal(module: module, name: name)
    case UInt8(ascii: "R"), 0x81:  // REDUCE, NEWOBJ
      let operands = try pop(2)
      stack.append(try apply(operands[0], to: operands[1]))
    case 0x92:  // NEWOBJ_EX
      let operands = try pop(3)
      if case .global(let name) = operands[0] { stack.append(.object(of: name)) } else { stack.append(.opaque) }
    case UInt8(ascii: "b"): _ = try pop()  // BUILD: attributes of an object; tensors need none
    case UInt8(ascii: "Q"): stack.append(try persistent(pop()))
    default:
      throw malformed("instruction \(code)", expected: "one that PyTorch writes")
    }
  }

  // MARK: Operands

  private mutating func number<Value: FixedWidthInteger>(_: Value.Type) throws(CheckpointError) -> Value {
    guard let value = cursor.next(Value.self) else { throw malformed("the end", expected: "more of it") }
    return value
  }

  private mutating func take(_ count: some BinaryInteger) throws(CheckpointError) -> Range<Int> {
    guard let count = Int(exactly: count), let range = cursor.take(count) else {
      throw malformed("a value of \(count) bytes", expected: "one of at most the \(cursor.remaining) that are left")
    }
    return range
  }

  private mutating func skipBytes(_ count: some BinaryInteger) throws(CheckpointError) {
    _ = try take(count)
    stack.append(.opaque)
  }

  private mutating func line() throws(CheckpointError) -> String {
    guard let range = cursor.takeLine(maxBytes: Self.maxNameBytes), let text = cursor.text(range) else {
      throw malformed("a global without a name", expected: "a line of at most \(Self.maxNameBytes) bytes")
    }
    return text
  }

  private func text(_ range: Range<Int>) -> PickleValue { cursor.text(range).map(PickleValue.text) ?? .opaque }

  private func integer(_ range: Range<Int>) -> PickleValue {
    let bytes = cursor.bytes[range]
    guard bytes.count <= 8 else { return .wideInteger(Array(bytes)) }
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    return .integer(bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) })
  }

  private func recall(_ index: Int) throws(CheckpointError) -> PickleValue {
    guard let value = memo[index] else { throw malformed("entry \(index) of the memo", expected: "one that was set") }
    return value
  }

  // MARK: The stack

  private func top() throws(CheckpointError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw malformed("an empty stack", expected: "a value on it")
    }
    return value
  }

  private mutating func pop() throws(CheckpointError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(CheckpointError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw malformed("a short stack", expected: "\(count) values on it")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw malformed("no mark", expected: "one on the stack") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private func pairs(_ items: [PickleValue]) throws(CheckpointError) -> [PickleValue] {
    guard items.count.isMultiple(of: 2) else { throw malformed("a key without a value", expected: "pairs") }
    return items
  }

  private mutating func push(_ kind: PickleContainer.Kind, _ items: [PickleValue] = []) {
    stack.append(.container(containers.count))
    containers.append(PickleContainer(kind: kind, items: items))
  }

  /// Adds to the list or dictionary on top; what is added to an opaque value is lost.
  private mutating func extend(_ kind: PickleContainer.Kind, with items: [PickleValue]) throws(CheckpointError) {
    switch try top() {
    case .container(let index) where containers[index].kind == kind: containers[index].items.append(contentsOf: items)
    case .opaque, .object: break
    default: throw malformed("another value", expected: "a \(kind) to add to")
    }
  }

  private mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
    guard module.utf8.count <= Self.maxNameBytes, name.utf8.count <= Self.maxNameBytes else {
      throw malformed("a global with a long name", expected: "at most \(Self.maxNameBytes) bytes")
    }
    let global = "\(module).\(name)"
    // One look and one text for each of them, however often it is named.
    if let index = globals.firstIndex(of: global) { return stack.append(.global(globals[index])) }
    guard PickleGlobals.allows(module: module, name: name) else { throw .refusedGlobal(path: path, global: global) }
    guard globals.count < Self.maxGlobals else {
      throw .unsupported(
        path: path, found: "its pickle names more than \(Self.maxGlobals) globals",
        remedy: "save its state_dict() alone or as safetensors")
    }
    globals.insert(global)
    stack.append(.global(global))
  }

  mutating func newDictionary() -> PickleValue {
    containers.append(PickleContainer(kind: .dictionary))
    return .container(containers.count - 1)
  }
}
