/// A library of adapters that cannot be used, or an adapter of one that breaks a rule of the interface.
public enum AdapterLibraryError: Error, CustomStringConvertible, Equatable {
  /// The file is no shared library, or the system cannot load it.
  case notLoaded(path: String, reason: String)
  /// The library does not define the interface's function.
  case noEntry(path: String)
  /// The library is of another version of the interface; nil where it does not say which.
  case version(path: String, found: UInt32?)
  /// The table or a descriptor breaks a rule.
  case malformed(path: String, what: String, found: String, expected: String)
  /// The adapters cannot be registered.
  case unregistered(path: String, reason: String)
  /// An adapter refuses what it is given; the message is its own.
  case refused(path: String, adapter: String, message: String)
  /// What an adapter gave breaks a rule.
  case wrongResult(path: String, adapter: String, found: String, expected: String)

  /// The file, what was found, what was expected, and what to do, in one line.
  public var description: String {
    switch self {
    case .notLoaded(let path, let reason):
      "\(path): it cannot be loaded as a shared library: \(reason); give one that is built for this machine, as "
        + "arpg_adapter.h shows"
    case .noEntry(let path):
      "\(path): found no function arpg_adapter_library, expected that of a library of adapters; define and export it as "
        + "arpg_adapter.h shows, in C++ as extern \"C\""
    case .version(let path, let found):
      "\(path): found "
        + (found.map { "version \($0) of the adapter interface" } ?? "a library that serves no such program")
        + ", expected version \(AdapterLibrary.interfaceVersion); build it with this program's arpg_adapter.h"
    case .malformed(let path, let what, let found, let expected):
      "\(path): \(what): found \(found), expected \(expected); correct the library"
    case .unregistered(let path, let reason): "\(path): \(reason)"
    case .refused(let path, let adapter, let message): "\(adapter) (\(path)): \(message)"
    case .wrongResult(let path, let adapter, let found, let expected):
      "\(path): the adapter \(adapter) gave \(found), expected \(expected); correct the library"
    }
  }
}
