/// An image file that cannot be read or written.
public enum ImageFileError: Error, CustomStringConvertible, Equatable {
  /// There is nothing at the path.
  case missing(path: String)
  /// The path is a folder, a pipe or a device.
  case notAFile(path: String, found: String)
  /// The system does not let the file be read.
  case unreadable(path: String, reason: String)
  /// The file is no image.
  case notAnImage(path: String, found: String)
  /// The file is an image of a format that is not read; `source` is what a converter takes of such a file: "in.heic".
  case otherFormat(path: String, found: String, source: String)
  /// The file has several frames of an animation.
  case animated(path: String, found: String)
  /// The sides, the number of pixels or the size of the file are over the limits.
  case tooLarge(path: String, found: String, expected: String)
  /// The file ends before the image does.
  case truncated(path: String, detail: String)
  /// The file does not follow its format.
  case damaged(path: String, detail: String)
  /// The file uses a part of its format that is not read.
  case unsupported(path: String, detail: String)
  /// The name to write to does not end in a known way.
  case unknownExtension(path: String, found: String)
  /// The name of an animation to write does not end in a known way, and is no folder.
  case unknownAnimation(path: String, found: String)
  /// The file cannot be written.
  case unwritable(path: String, reason: String)
  /// A text entry does not fit the format of the file.
  case badText(path: String, keyword: String, reason: String)

  /// One line: the file, what was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file; check the path"
    case .notAFile(let path, let found):
      "\(path): is \(found), expected an image; name a file"
    case .unreadable(let path, let reason):
      "\(path): cannot be read (\(reason)); check its permissions"
    case .notAnImage(let path, let found):
      "\(path): is \(found), expected a JPEG, PNG, WebP or TIFF image; name another file"
    case .otherFormat(let path, let found, let source):
      "\(path): is \(found), expected JPEG, PNG, WebP or TIFF; convert it to PNG or JPEG: magick \(source) out.png"
    case .animated(let path, let found):
      "\(path): is \(found), expected a still image; save one frame of it: magick in.webp[0] out.png"
    case .tooLarge(let path, let found, let expected):
      "\(path): \(found), expected \(expected); scale the image down first"
    case .truncated(let path, let detail):
      "\(path): the image is cut short (\(detail)); copy or download it again"
    case .damaged(let path, let detail):
      "\(path): the image is damaged (\(detail)); copy or save it again"
    case .unsupported(let path, let detail):
      "\(path): \(detail), which cannot be read; save it as 8-bit RGB"
    case .unknownExtension(let path, let found):
      "\(path): the name ends in \(found), expected .png, .jpg, .jpeg or .webp; rename it"
    case .unknownAnimation(let path, let found):
      "\(path): the name ends in \(found), expected .png or .gif, or a folder; rename it, or end a folder's name in /"
    case .unwritable(let path, let reason):
      "\(path): cannot be written (\(reason)); choose another place"
    case .badText(let path, let keyword, let reason):
      "\(path): the text entry '\(keyword)' \(reason); shorten or change it"
    }
  }
}
