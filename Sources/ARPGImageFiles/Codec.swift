import CImageCodecs
import Foundation

/// Calls into the codecs, with their statuses turned into errors.
enum Codec {
  /// Runs a call that reads `path`.
  static func reading(_ path: String, _ call: (UnsafeMutablePointer<CChar>) -> Int32) throws {
    let (status, message) = run(call)
    switch Int(status) {
    case ARPG_CODEC_OK: return
    case ARPG_CODEC_TRUNCATED: throw ImageFileError.truncated(path: path, detail: message)
    default: throw ImageFileError.damaged(path: path, detail: message)
    }
  }

  /// Runs a call that encodes what `path` is to hold.
  static func encoding(
    _ path: String, _ call: (UnsafeMutablePointer<arpg_encoded>, UnsafeMutablePointer<CChar>) -> Int32
  ) throws -> Data {
    var encoded = arpg_encoded()
    let (status, message) = withUnsafeMutablePointer(to: &encoded) { encoded in run { call(encoded, $0) } }
    guard Int(status) == ARPG_CODEC_OK, let bytes = encoded.bytes else {
      free(encoded.bytes)
      throw ImageFileError.unwritable(path: path, reason: message.isEmpty ? "there is not enough memory" : message)
    }
    return Data(bytesNoCopy: bytes, count: encoded.count, deallocator: .free)
  }

  private static func run(_ call: (UnsafeMutablePointer<CChar>) -> Int32) -> (Int32, String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(ARPG_CODEC_MESSAGE)) { message in
      message.initialize(repeating: 0)
      guard let base = message.baseAddress else { return (0, "") }
      let status = call(base)
      return (status, String(cString: base).split(whereSeparator: \.isNewline).joined(separator: " "))
    }
  }
}
