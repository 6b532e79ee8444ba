import ARPGFiles
import CARPGAdapter
import Foundation

/// Opens shared libraries.
enum SharedLibrary {
  /// The table of a library, which stays loaded as long as the process lives.
  ///
  /// - Throws: ``AdapterLibraryError``, ``/ARPGFiles/FileError``.
  static func table(of path: String) throws -> UnsafeRawPointer {
    // The system searches for a name without a slash.
    let file = path.contains("/") ? path : "./" + path
    let mapped = try MappedFile(path)
    #if os(Linux)
      if let fault = mapped.withBytes(ELFFile.fault) {
        throw AdapterLibraryError.notLoaded(path: path, reason: fault)
      }
    #endif
    guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
      throw AdapterLibraryError.notLoaded(path: path, reason: lastError(of: file))
    }
    guard let symbol = dlsym(handle, "arpg_adapter_library") else { throw AdapterLibraryError.noEntry(path: path) }
    typealias Entry = @convention(c) (UInt32) -> UnsafeRawPointer?
    guard let table = unsafeBitCast(symbol, to: Entry.self)(AdapterLibrary.interfaceVersion) else {
      throw AdapterLibraryError.version(path: path, found: nil)
    }
    return table
  }

  /// What the system says of the last failure, in one line and without the file's name in front.
  private static func lastError(of file: String) -> String {
    guard let text = dlerror().map({ String(cString: $0) }) else { return "the system does not say why" }
    return (text.hasPrefix(file + ": ") ? String(text.dropFirst(file.count + 2)) : text).oneLine
  }
}

#if os(Linux)
  /// What of an ELF file is checked before the system maps it: that it is one, and has all its segments. Touching a segment
  /// behind the end of a file, as that of a copy which broke off, ends the process.
  private enum ELFFile {
    /// Why a file is no whole ELF file; nil where it may be one. All else the system checks.
    static func fault(_ bytes: UnsafeRawBufferPointer) -> String? {
      guard bytes.starts(with: [0x7F] + Array("ELF".utf8)) else { return "it is no ELF file" }
      let reader = ByteReader(bytes)
      // Of other classes and byte orders the system says that it cannot load them.
      guard reader.byte(4) == 2, reader.byte(5) == 1 else { return nil }
      guard let table = reader.integer(UInt64.self, at: 32), let size = reader.short(54), let count = reader.short(56),
        let table = Int(exactly: table), table <= bytes.count
      else { return "it ends within its header" }
      for index in 0..<count {
        let header = table + index * size
        guard let type = reader.long(header), let offset = reader.integer(UInt64.self, at: header + 8),
          let length = reader.integer(UInt64.self, at: header + 32)
        else { return "it ends within its header" }
        let (end, overflow) = offset.addingReportingOverflow(length)
        // A segment that is loaded.
        if type == 1, overflow || end > bytes.count {
          return "it has \(bytes.count) bytes and a segment that ends at \(overflow ? UInt64.max : end); copy it again"
        }
      }
      return nil
    }
  }
#endif
