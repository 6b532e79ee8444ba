import ARPG
import CARPGAdapter

/// A shared library with control adapters, loaded at run time by the C interface of `arpg_adapter.h`.
///
/// Its adapters behave as those that are built in. Those with `"condition": "network"` are a
/// ``/ARPGControl/ControlImageAdapter``, which is trained; those with `"condition": "tokens"` need no weights. A library runs
/// within the process and with its rights, and is never unloaded: one that is built again is loaded by a new process.
public struct AdapterLibrary: Sendable {
  /// The version of the interface.
  public static let interfaceVersion = UInt32(ARPG_ADAPTER_INTERFACE_VERSION)

  /// Where the library is, as it was given.
  public let path: String
  /// Its adapters, at least one.
  public let adapters: [any ControlAdapter]

  /// Loads a library and checks all that it says of itself.
  ///
  /// - Parameter path: of the file. One without a slash is in the current folder; nothing is searched for.
  /// - Throws: ``AdapterLibraryError``, and ``/ARPGFiles/FileError`` where the file cannot be read.
  public init(_ path: String) throws {
    self.path = path
    let table = try LibraryTable(path)
    adapters = try table.adapters.enumerated().map { index, functions -> any ControlAdapter in
      let descriptor = try LibraryDescriptor(of: functions, number: index + 1, in: path)
      let adapter = try LibraryAdapter(functions, name: descriptor.adapter.name, path: path)
      switch descriptor.condition {
      case .network:
        return NetworkAdapter(
          descriptor: descriptor.adapter, interpolation: descriptor.interpolation, library: adapter)
      case .tokens: return TokenAdapter(descriptor: descriptor.adapter, library: adapter)
      }
    }
  }

  /// Adds the adapters to a registry: all of them or none.
  ///
  /// - Throws: ``AdapterLibraryError/unregistered(path:reason:)`` where a name or shorthand is taken.
  public func register(in registry: inout AdapterRegistry) throws(AdapterLibraryError) {
    var extended = registry
    for adapter in adapters {
      do { try extended.register(adapter) } catch { throw .unregistered(path: path, reason: "\(error)") }
    }
    registry = extended
  }
}
