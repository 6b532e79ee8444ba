import ARPGFiles
import ARPGImages
import Foundation

/// An animation that is written frame by frame: an animated PNG (.png), a GIF (.gif), or a folder of numbered PNG images (a
/// folder that is there, or a path that ends in "/"). Animations are repeated without end.
///
/// Frames are encoded as they come and kept on disk; at the end the animation is there whole, without it nothing is.
public final class AnimationFile {
  /// What an animation is written as.
  enum Kind {
    case png, gif, folder
  }

  /// How many frames there are.
  public private(set) var count = 0
  private let encoder: any AnimationEncoder
  private var size: ImageSize?

  /// Starts an animation.
  ///
  /// - Throws: ``ImageFileError`` where nothing of this name can be written.
  public init(_ path: String) throws {
    let kind = try Self.kind(ofName: path)
    encoder = try Self.unwritable {
      switch kind {
      case .png: try APNGEncoder(path)
      case .gif: try GIFEncoder(path)
      case .folder: FrameFolder(path)
      }
    }
  }

  /// Adds a frame. Traps where its size is not that of the first.
  ///
  /// - Parameters:
  ///   - image: the frame; 16-bit grey is written with 8 bits.
  ///   - seconds: how long it is shown, in steps of 0.01, up to 655. Numbered images have no time.
  /// - Throws: ``ImageFileError`` where the disk is full, or the format does not take the size.
  public func append(_ image: Image, seconds: Double) throws {
    let size = size ?? ImageSize(width: image.width, height: image.height)
    precondition(size.width == image.width && size.height == image.height, "the frames of an animation differ in size")
    self.size = size
    let hundredths = UInt16(min(max(seconds * 100, 0), 65535).rounded())
    try Self.unwritable { try encoder.append(image, hundredths: hundredths) }
    count += 1
  }

  /// Writes the animation. Traps where there is no frame.
  ///
  /// - Parameter text: entries to store with it as ``ImageFile/write(_:to:text:quality:)`` does; a GIF takes none. Of a
  ///   folder, the last image has them.
  /// - Throws: ``ImageFileError``.
  public func finish(text: [(keyword: String, value: String)] = []) throws {
    precondition(count > 0, "an animation needs a frame")
    try Self.unwritable { try encoder.finish(text: text) }
  }

  /// Checks before long work that an animation can be written: the name is of a known kind, a folder is there, and no
  /// numbered images are in it.
  ///
  /// - Throws: ``ImageFileError``.
  public static func requireWritable(_ path: String) throws {
    guard try kind(ofName: path) == .folder else { return try unwritable { try AtomicFile.checkWritable(path) } }
    try FrameFolder.checkWritable(path)
  }

  /// Whether a path is written as a folder of numbered images.
  public static func isFolder(_ path: String) -> Bool { (try? kind(ofName: path)) == .folder }

  /// What a path is written as.
  private static func kind(ofName path: String) throws(ImageFileError) -> Kind {
    var isFolder: ObjCBool = false
    if path.hasSuffix("/") || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    {
      return .folder
    }
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "png": return .png
    case "gif": return .gif
    case let other:
      throw .unknownAnimation(path: path, found: other.isEmpty ? "no extension" : ".\(other)")
    }
  }

  /// Runs a call whose errors are those of a file that cannot be written.
  private static func unwritable<Result>(_ call: () throws -> Result) throws -> Result {
    do { return try call() } catch FileError.unwritable(let path, let reason) {
      throw ImageFileError.unwritable(path: path, reason: reason)
    }
  }
}

/// Writes the frames of an animation in one of its formats.
protocol AnimationEncoder: AnyObject {
  /// Adds a frame that is shown for a time.
  func append(_ image: Image, hundredths: UInt16) throws
  /// Puts the animation into its place.
  func finish(text: [(keyword: String, value: String)]) throws
}
