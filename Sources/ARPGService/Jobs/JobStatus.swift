import ARPG
import Foundation

/// How a job stands.
public struct JobStatus: Sendable {
  /// Where a job is on its way.
  public enum State: String, Sendable, Codable {
    /// It waits for the images before it.
    case queued
    /// Its images are being made.
    case running
    /// All images are there.
    case finished
    /// It could not be done; ``JobStatus/error`` says why.
    case failed
    /// Somebody cancelled it.
    case cancelled

    /// Whether nothing more happens.
    public var isEnd: Bool { self != .queued && self != .running }
  }

  /// Where it is on its way.
  public var state = State.queued
  /// How many images are made before the next one of it.
  public var position = 0
  /// How many images it makes; that of the request until the controls are read.
  public var count: Int
  /// The share of the tokens that is decoded, 0 to 1.
  public var progress = 0.0
  /// The images that are finished, in the order in which they were.
  public var images: [JobImage] = []
  /// What the user should know.
  public var notes: [String] = []
  /// Why it failed; nil where it did not.
  public var error: ServiceError?
  /// How long its images took, in seconds, without waiting; nil before the end.
  public var seconds: Double?
  /// When it ended.
  public var ended: Date?
}

/// An image of a job.
public struct JobImage: Sendable {
  /// Its place among those of the job, from 0.
  public let index: Int
  /// The size in pixels.
  public let size: ImageSize
  /// Of the random numbers.
  public let seed: UInt64
  /// Its number among the images of its element, from 0.
  public let number: Int
  /// What it was made with, as its file tells it.
  public let parameters: JSONValue
}

/// What happens to a job.
public enum JobEvent: Sendable {
  /// It is queued, or running from now on.
  case state(JobStatus)
  /// A step was taken: how many of how many tokens of all its images are decoded.
  case step(done: Int, total: Int)
  /// The image so far of one of its images.
  case preview(index: Int, Image, progress: Double)
  /// An image is finished.
  case image(JobImage)
  /// Nothing more happens.
  case end(JobStatus)
}
