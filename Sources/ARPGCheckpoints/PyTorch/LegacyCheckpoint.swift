import ARPGFiles

/// A PyTorch file of before version 1.6: the pickles of a magic number, a protocol, facts about the machine, the value and
/// the keys of the storages; then the storages, each as its number of values and the values.
struct LegacyCheckpoint {
  /// 0x1950a86a20f9469cfc6c, least significant byte first.
  private static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  private static let version = 1001

  private let bytes: UnsafeRawBufferPointer
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  func contents(preferringEMA: Bool) throws -> CheckpointContents {
    let start = try checkBeginning()
    let (machine, value, keysStart) = try PickleMachine.run(bytes, at: start, path: path)
    let weights = try TorchWeights(machine, value, preferringEMA: preferringEMA)
    let places = try places(of: machine.storages, keysAt: keysStart)
    return try weights.contents { storage in
      guard let place = places[storage.key], storage.fills(place) else {
        throw malformed(
          "another storage \(storage.key)", expected: "\(storage.count) values of \(storage.typeName)")
      }
      return place
    }
  }

  private func malformed(_ found: String, expected: String) -> CheckpointError {
    .malformed(path: path, found: found, expected: expected)
  }

  /// Checks what stands before the value, and gives where that begins.
  private func checkBeginning() throws(CheckpointError) -> Int {
    let (_, magic, versionStart) = try PickleMachine.run(bytes, path: path)
    guard case .wideInteger(Self.magic) = magic else {
      throw malformed("a pickle without PyTorch's magic number", expected: "a checkpoint that torch.save wrote")
    }
    let (_, version, machineStart) = try PickleMachine.run(bytes, at: versionStart, path: path)
    guard case .integer(Self.version) = version else {
      throw malformed("another version of the legacy format", expected: "version \(Self.version)")
    }
    let (facts, value, end) = try PickleMachine.run(bytes, at: machineStart, path: path)
    guard case .bool(true) = facts.dictionary(value)?["little_endian"] else {
      throw .unsupported(
        path: path, found: "its byte order is not little", remedy: "save it on a little-endian machine")
    }
    return end
  }

  /// Where the values of each storage stand, by its key.
  private func places(of storages: [TorchStorage], keysAt start: Int) throws(CheckpointError) -> [String: Range<Int>] {
    let (machine, value, end) = try PickleMachine.run(bytes, at: start, path: path)
    guard let keys = machine.items(value, of: .list) else {
      throw malformed("no list of storages", expected: "one")
    }
    let known = Dictionary(storages.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var places: [String: Range<Int>] = [:]
    var cursor = ByteCursor(bytes, at: end)
    for key in keys {
      guard case .text(let key) = key, let storage = known[key] else {
        throw malformed("a storage that no tensor uses", expected: "only used ones")
      }
      guard let count = cursor.next(Int64.self), let size = storage.byteCount(Int(count)),
        let place = cursor.take(size)
      else {
        throw malformed("the end before the values of storage \(key)", expected: "all of them")
      }
      places[key] = place
    }
    return places
  }
}
