import Foundation

/// A file that cannot be read or written at all.
public enum FileError: Error, CustomStringConvertible, Equatable {
  /// A file that cannot be opened for reading.
  case unreadable(path: String, reason: String)
  /// A file that cannot be written.
  case unwritable(path: String, reason: String)
  /// A file that is larger than such a file can be.
  case tooLarge(path: String, bytes: Int, maxBytes: Int)

  /// The file and the reason.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .tooLarge(let path, let bytes, let most):
      "\(path): has \(bytes) bytes; such a file has at most \(most), so give another"
    }
  }

  /// What the system says about its last failed call.
  package static var systemReason: String { String(cString: strerror(errno)) }

  /// What the system says by an error of Foundation, in one line.
  package static func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying.map { ($0.domain, $0.code) } ?? ((error as NSError).domain, (error as NSError).code)
    if code.0 == NSPOSIXErrorDomain { return String(cString: strerror(Int32(code.1))).lowercased() }
    return error.localizedDescription.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
