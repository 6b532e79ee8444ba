import ARPG
import ARPGFiles
import ARPGImageFiles

/// Images that controls are made of: image files, and maps of measurements in `.npy` files.
public enum InputImage {
  /// Reads an image. Its content tells what kind the file is, not its name.
  ///
  /// - Parameters:
  ///   - path: of an image, or of an array `[H, W]`, `[1, H, W]` or `[H, W, 1]`, in which infinite and missing numbers become
  ///     transparent.
  ///   - limit: what the image may ask for.
  ///   - note: is told what the user should know.
  /// - Throws: ``/ARPGImageFiles/ImageFileError`` or ``/ARPGCheckpoints/NPYError``.
  public static func read(
    _ path: String, limit: ImageLimits = .default, note: (String) -> Void = { _ in }
  ) throws -> Image {
    try read(ImageFile.bytes(of: path, limit: limit), limit: limit, note: note)
  }

  /// Reads an image of bytes that are at hand; see ``read(_:limit:note:)-(String,_,_)``.
  package static func read(
    _ file: MappedFile, limit: ImageLimits = .default, note: (String) -> Void = { _ in }
  ) throws -> Image {
    guard let map = try NPYMap(file) else {
      return try ImageFile.read(file.withBytes { [UInt8]($0) }, named: file.path, limit: limit, note: note)
    }
    try limit.check(width: map.width, height: map.height, path: file.path)
    return Image(width: map.width, height: map.height, measurements: map.values)
  }
}
