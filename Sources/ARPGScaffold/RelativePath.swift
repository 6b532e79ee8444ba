import Foundation

/// The way from a folder to another: `../..` where the other is two above; absolute where they have nothing in common but the root.
public func relativePath(from folder: String, to other: String) -> String {
  let from = URL(fileURLWithPath: folder).standardizedFileURL.pathComponents
  let to = URL(fileURLWithPath: other).standardizedFileURL.pathComponents
  let shared = zip(from, to).prefix { $0 == $1 }.count
  guard shared > 1 else { return URL(fileURLWithPath: other).standardizedFileURL.path }
  let steps = Array(repeating: "..", count: from.count - shared) + to[shared...]
  return steps.isEmpty ? "." : steps.joined(separator: "/")
}
