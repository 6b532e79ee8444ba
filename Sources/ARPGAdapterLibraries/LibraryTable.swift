import CARPGAdapter

/// The table of a library's adapters, read with all its rules checked.
struct LibraryTable {
  /// The entries of the table, at least one.
  let adapters: [ArpgAdapter]

  private static let most = 256

  /// Loads a library and reads its table.
  ///
  /// - Throws: ``AdapterLibraryError``, ``/ARPGFiles/FileError``.
  init(_ path: String) throws {
    let table = try SharedLibrary.table(of: path)
    func require(_ holds: Bool, _ what: String, _ found: String, _ expected: String) throws {
      guard holds else {
        throw AdapterLibraryError.malformed(path: path, what: what, found: found, expected: expected)
      }
    }
    // Nothing behind the version means the same in another.
    let version = table.loadUnaligned(as: UInt32.self)
    guard version == AdapterLibrary.interfaceVersion else {
      throw AdapterLibraryError.version(path: path, found: version)
    }
    let size = Int(table.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
      expected = MemoryLayout<ArpgAdapterLibrary>.size
    try require(size >= expected, "struct_size", "\(size)", "sizeof(ArpgAdapterLibrary), \(expected)")
    let library = table.loadUnaligned(as: ArpgAdapterLibrary.self)
    let stride = Int(library.adapter_size), least = MemoryLayout<ArpgAdapter>.size
    try require(stride >= least, "adapter_size", "\(stride)", "sizeof(ArpgAdapter), \(least)")
    let count = Int(library.adapter_count)
    try require(1...Self.most ~= count, "adapter_count", "\(count)", "1 to \(Self.most)")
    let entries = UnsafeRawPointer(library.adapters)
    try require(entries != nil, "adapters", "NULL", "a table of \(count)")
    adapters = (0..<count).compactMap { entries?.loadUnaligned(fromByteOffset: $0 * stride, as: ArpgAdapter.self) }
    for (index, adapter) in adapters.enumerated() {
      let what = "adapter \(index + 1) of \(count)"
      try require(adapter.descriptor != nil, what, "the descriptor NULL", "a JSON object")
      try require(adapter.preprocess != nil, what, "the function preprocess NULL", "one that makes control images")
    }
  }
}
