import ARPG
import ARPGImageFiles

/// Images that controls are made of: image files, and maps of measurements in `.npy` files.
public enum InputImage {
  /// Reads an image. Its content tells what kind the file is, not its name.
  ///
  /// - Parameters:
  ///   - path: of an image, or of an array `[H, W]`, `[1, H, W]` or `[H, W, 1]`, in which infinite and missing numbers become
  ///     transparent.
  ///   - note: is told what the user should know.
  /// - Throws: ``ImageFileError`` or ``NPYError``.
  public static func read(_ path: String, note: (String) -> Void = { _ in }) throws -> Image {
    guard let map = try NPYMap(contentsOf: path) else { return try ImageFile.read(path, note: note) }
    try ImageLimits.default.check(width: map.width, height: map.height, path: path)
    return Image(width: map.width, height: map.height, measurements: map.values)
  }
}
