import ARPGImageFiles
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Folders and lists of images as people have them")
struct ImageListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func touch(_ paths: String...) throws {
    for path in paths {
      let url = URL(fileURLWithPath: folder.file(path))
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url)
    }
  }

  private func link(_ path: String, to target: String) throws {
    let url = URL(fileURLWithPath: folder.file(path))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
  }

  @Test("Numbers sort as numbers, other names as text")
  func order() throws {
    try touch("n/0/a.png", "n/2/a.png", "n/10/a.png", "t/1/a.png", "t/10/a.png", "t/2/a.png", "t/x/a.png")
    #expect(try ImageList(folder.file("n")).labels == ["0", "2", "10"])
    #expect(try ImageList(folder.file("t")).labels == ["1", "10", "2", "x"])
  }

  @Test("Links are followed, also those of classes; one that leads back ends there")
  func links() throws {
    try touch("far/cats/a.png", "far/cats/b.jpg", "single.png")
    try link("in/cat", to: folder.file("far/cats"))
    try link("in/dog/d.png", to: folder.file("single.png"))
    try link("in/dog/loop", to: folder.file("in"))
    try link("in/dog/self.png", to: "self.png")
    let list = try ImageList(folder.file("in"))
    #expect(list.entries.map(\.label) == ["cat", "cat", "dog"] && list.entries.map(\.name) == ["a", "b", "d"])
    #expect(list.unread == [folder.file("in/dog/self.png")])
    try link("whole", to: "in")
    #expect(try ImageList(folder.file("whole")).entries.count == 3)
  }

  @Test("What is hidden is left out, what is not read is listed, and neither makes a class")
  func strangers() throws {
    try touch(
      "in/cat/a.PNG", "in/cat/._a.png", "in/.thumbs/a.png", "in/__MACOSX/cat/a.png", "in/cat/b.gif", "in/eel/c.heic",
      "in/cat/d.webp", "in/cat/e.TIF", "in/cat/f.tiff", "in/notes/readme.txt")
    let list = try ImageList(folder.file("in"))
    #expect(list.entries.map(\.path) == ["a.PNG", "d.webp", "e.TIF", "f.tiff"].map { folder.file("in/cat/\($0)") })
    #expect(list.labels == ["cat"])
    #expect(list.unread == [folder.file("in/cat/b.gif"), folder.file("in/eel/c.heic")])
  }

  @Test("Maps beside the images have any ending that is read")
  func maps() throws {
    try touch("images/a.png", "images/b.png", "images/c.png", "depth/a.npy", "depth/b.tif")
    let list = try ImageList(folder.path)
    #expect(
      list.entries.map { list.map("depth", of: $0) } == [folder.file("depth/a.npy"), folder.file("depth/b.tif"), nil])
  }

  @Test("Images of one stem stay apart")
  func stems() throws {
    try touch("cat/1.png", "cat/1.jpg", "cat/1.jpeg", "cat/1_jpg.png", "cat/x/2.png", "cat/x_2.png", "dog/1.png")
    let entries = try ImageList(folder.path).entries
    #expect(entries.count == 7)
    #expect(Set(entries.map { "\($0.label ?? "")/\($0.name)" }).count == 7)
    #expect(entries.last?.name == "1")
  }

  @Test("Lists with a byte order mark, tabs, comments, blank lines and line ends of Windows")
  func lists() throws {
    let path = folder.file("list.txt")
    try Data("\u{FEFF}# mine\r\na b.png\tpolar bear\r\n\r\nc.png cat\r\n  d.png -\r\ne.png\t\n".utf8)
      .write(to: URL(fileURLWithPath: path))
    let list = try ImageList(path)
    #expect(list.entries.map(\.label) == ["polar bear", "cat", nil, nil])
    #expect(
      list.entries.map { $0.path.dropFirst(folder.path.count + 1) } == ["a b.png", "c.png", "d.png", "e.png"])
  }
}
