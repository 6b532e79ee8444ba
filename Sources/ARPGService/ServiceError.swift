import ARPG
import ARPGImageFiles

/// Why a request cannot be served: a kind that an interface maps to a status, and a sentence for people.
public struct ServiceError: Error, CustomStringConvertible, Sendable {
  /// What went wrong.
  public enum Kind: Sendable, Equatable {
    /// The request is not as it should be: broken JSON, a field of another type.
    case malformed
    /// There is no such model, job or image.
    case notFound
    /// The key is missing or wrong.
    case unauthorized
    /// The request is not allowed from there.
    case forbidden
    /// The request is larger than the service takes.
    case tooLarge
    /// The request took too long to arrive.
    case timedOut
    /// What is asked for cannot be made.
    case unprocessable
    /// The queue is full; come back after some seconds.
    case busy(retryAfter: Int)
    /// The service is being stopped.
    case unavailable
    /// What was asked for was cancelled.
    case cancelled
    /// The service failed, through no fault of the request.
    case failed
  }

  /// What went wrong.
  public let kind: Kind
  /// A sentence: what was found, what was expected, and what to do.
  public let description: String

  /// An error of a kind.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// The error as the service tells it. What is thrown while a request is read and prepared is the request's fault, but for files
  /// of the model that cannot be read, whose places are nobody's business.
  public init(preparing error: any Error) {
    switch error {
    case let error as ServiceError: self = error
    case is CancellationError: self.init(.cancelled, "the generation was cancelled")
    case is FileError, is CheckpointError, is ModelFolderError:
      self.init(.failed, "the model's files cannot be read; the log of the server says more")
    case ImageFileError.tooLarge(let path, let found, let expected):
      self.init(.tooLarge, "\(path): \(found), expected \(expected); scale the image down first")
    default: self.init(.unprocessable, Self.line(of: error))
    }
  }

  /// The error as the service tells it where images are being made.
  public init(running error: any Error) {
    switch error {
    case let error as ServiceError: self = error
    case is CancellationError: self.init(.cancelled, "the generation was cancelled")
    default: self.init(.failed, Self.line(of: error))
    }
  }

  private static func line(of error: any Error) -> String {
    "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
