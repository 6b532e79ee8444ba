import ARPG
import Foundation

/// A file of codes that another program made, as RAR's trainer reads them (Yu et al., arXiv 2411.00776; the published code's
/// `pretokenization.py`): a JSON object a line, `{"class_id": 3, "tokens": [5, 17, ...]}`, the codes in raster order. `tokens`
/// may also be a list of such lists, one for each crop of an image.
struct CodeFile {
  /// The file.
  let path: String
  /// How many lines in a row are crops of one image.
  let linesPerImage: Int

  /// The most crops of an image in a line.
  static let maxCrops = 64
  /// How much of the file tells it from others, beside its size.
  private static let headBytes = 1 << 20

  /// What its name is in the record of the data.
  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// What the files of its images are called, before their number.
  var stem: String {
    let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return ImageFolder.isVisible(stem) ? String(stem.prefix(60)) : "codes"
  }

  /// What tells the file from others: a hash over its size and its first bytes.
  func fingerprint() throws -> String {
    let head: Data, size: UInt64
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      head = try handle.read(upToCount: Self.headBytes) ?? Data()
      size = try handle.seekToEnd()
    } catch { throw FileError.unreadable(path: path, reason: FileError.reason(of: error)) }
    var fingerprint = Fingerprint()
    head.withUnsafeBytes { fingerprint.add($0) }
    fingerprint.add("\(size)")
    return fingerprint.text
  }

  /// A line.
  struct Line: Decodable {
    /// The index of the class.
    let label: Int
    /// The codes of each crop.
    let crops: [[Int]]

    private enum CodingKeys: String, CodingKey {
      case label = "class_id"
      case crops = "tokens"
    }

    /// Reads an object with both keys; others are passed over.
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      label = try container.decode(Int.self, forKey: .label)
      if let lists = try? container.decode([[Int]].self, forKey: .crops) {
        crops = lists
      } else {
        crops = [try container.decode([Int].self, forKey: .crops)]
      }
    }
  }

  /// What the codes of a model must be.
  struct Limits {
    /// The number of codes of an image.
    let tokens: Int
    /// The number of codes that there are.
    let codebook: Int
    /// The number of classes.
    let classes: Int

    /// The most bytes of a line: no number that is taken has more than eight digits, and programs write spaces.
    var maxBytes: Int { 1 << 16 + 16 * tokens * CodeFile.maxCrops }

    /// Reads a line.
    ///
    /// - Throws: a reason, in a few words.
    func read(_ line: LineReader.Line) throws(Reason) -> Line {
      guard case .bytes(let bytes) = line else {
        throw Reason(description: "it has more than \(maxBytes) bytes, which no line of codes has")
      }
      let read: Line
      do { read = try JSONDecoder().decode(Line.self, from: Data(bytes)) } catch {
        throw Reason(error)
      }
      guard 0..<classes ~= read.label else {
        throw Reason(description: "the class \(read.label); expected 0 to \(classes - 1)")
      }
      guard 1...CodeFile.maxCrops ~= read.crops.count else {
        throw Reason(description: "\(read.crops.count) crops; expected 1 to \(CodeFile.maxCrops)")
      }
      for codes in read.crops {
        guard codes.count == tokens else {
          throw Reason(description: "\(codes.count) tokens; expected \(tokens), as an image of the model has")
        }
        if let code = codes.first(where: { !(0..<codebook ~= $0) }) {
          throw Reason(description: "the code \(code); expected 0 to \(codebook - 1)")
        }
      }
      return read
    }
  }

  /// Why a line cannot be used.
  struct Reason: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = description }

    /// Why an object cannot be read: what is wrong with a key, otherwise what is expected. Foundation says no more of a line that
    /// is not JSON, or a number that is not whole.
    fileprivate init(_ error: any Error) {
      let isOfKey =
        switch error as? DecodingError {
        case .keyNotFound: true
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
          !context.codingPath.isEmpty
        default: false
        }
      let summary = isOfKey ? (error as? DecodingError)?.summary : nil
      description = summary ?? #"expected an object {"class_id": 3, "tokens": [5, 17, ...]} of whole numbers"#
    }
  }
}
