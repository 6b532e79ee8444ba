import ARPG
import ARPGImageFiles
import Foundation

/// Images as codes, with their classes and control images: a folder that is read as it goes; only the list of files is in
/// memory.
///
/// The layout that data preparation writes:
///
///     ROOT/model.json                            optional: a model's description with image size, class names and
///     ROOT/tokenizer.safetensors                 the tokenizer that made the codes
///     ROOT/codes/CLASS/NAME.npy                  integers [1, augmentations, tokens]
///     ROOT/controls/ADAPTER/CLASS/NAME.png       the control image of the only augmentation, or
///     ROOT/controls/ADAPTER/CLASS/NAME.K.png     that of augmentation K = 0, 1, ... where there are several
///     ROOT/controls/ADAPTER/CLASS/NAME.txt       instead, for an adapter whose controls are stored as texts
///     ROOT/controls/ADAPTER.WHAT/CLASS/NAME.png  optional: what the adapter looks at in training alone
///
/// A control image is stored as the adapter's preprocessing gives it, grey or RGB, black being -1 and white 1. CLASS is a
/// class's index, or its name: one of the description's, otherwise classes are numbered in the order of their names. Files
/// that stand in `codes` itself, and their controls, have no class. The folders of classes may also stand in ROOT itself, as
/// ARPG's published code expects them.
///
/// The flat layout of LlamaGen and RandAR is read as well: a folder whose name ends in `codes` with `0.npy`, `1.npy`, ...
/// beside one whose name ends in `labels` with files of the same names, each the class's index.
public struct TrainingData: NamedSamples {
  /// The folder.
  public let root: String
  /// What it says of itself, with the tokenizer that made the codes; nil where it says nothing.
  public let description: ModelFolder?
  /// The number of codes of an image.
  public let tokens: Int
  /// The number of classes that the folders or the description tell; nil in the flat layout.
  public private(set) var classes: Int?
  /// The names of the classes, in order; empty where they have none.
  public private(set) var classNames: [String]
  /// The index that each class has in place of its own; nil for its own.
  private var renumbered: [Int]?
  private let codes: String
  private let labels: String?
  private var entries: [Entry]
  /// What there is in `controls`.
  private let controlFolders: [String]

  private struct Entry: Sendable {
    /// The name of the class's folder; empty in the flat layout, and without a class.
    let folder: String
    let name: String
    let label: Label
    /// What it is called within the data.
    var path: String { "\(folder)/\(name)" }
  }

  private enum Label {
    case none
    case index(Int)
    /// It stands in a file of its own.
    case file
  }

  /// Lists the files.
  ///
  /// - Parameters:
  ///   - root: the folder.
  ///   - registries: the tokenizers that a description may name.
  /// - Throws: ``TrainingError`` where there are none, or the first is not as it should be.
  public init(_ root: String, _ registries: Registries) throws {
    let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    self.root = root
    description =
      FileManager.default.fileExists(atPath: "\(root)/\(ModelFolder.descriptionName)")
      ? try .read(root, registries) : nil
    let folders = try Self.list(root, folders: true)
    if let labels = folders.first(where: { $0.hasSuffix("labels") }),
      let codes = folders.first(where: { $0.hasSuffix("codes") })
    {
      (self.codes, self.labels) = ("\(root)/\(codes)", "\(root)/\(labels)")
      entries = try Self.list(self.codes, ending: ".npy").map { Entry(folder: "", name: $0, label: .file) }
      classNames = description?.description.classNames ?? []
      classes = classNames.isEmpty ? nil : classNames.count
    } else {
      codes = folders.contains("codes") ? "\(root)/codes" : root
      labels = nil
      let names = try Self.list(codes, folders: true).filter { $0 != "controls" }
      let classes = try Self.classes(names, description: description, path: codes)
      (classNames, self.classes) = (classes.names, classes.count)
      var entries = try Self.list(codes, ending: ".npy").map { Entry(folder: "", name: $0, label: .none) }
      for name in names {
        entries += try Self.list("\(codes)/\(name)", ending: ".npy").map {
          Entry(folder: name, name: $0, label: classes.indices[name].map(Label.index) ?? .none)
        }
      }
      self.entries = entries
    }
    controlFolders = folders.contains("controls") ? try Self.list("\(root)/controls", folders: true) : []
    guard let first = entries.first else {
      throw TrainingError.noData(path: root, expected: "codes/CLASS/NAME.npy, or codes/0.npy beside labels/0.npy")
    }
    tokens = try Self.read(Self.path(first, in: codes)).tokens
  }

  /// The number of images.
  public var count: Int { entries.count }

  /// The names of the adapters whose controls are stored, sorted.
  public var adapters: [String] { controlFolders.filter { !$0.contains(".") } }

  /// The images of some names alone, each with its class's folder.
  package func filtered(_ isIncluded: (String) -> Bool) -> TrainingData {
    var data = self
    data.entries = entries.filter { isIncluded($0.path) }
    return data
  }

  /// An image's codes and class.
  public struct Sample: Sendable {
    /// In raster order.
    public let codes: [Int]
    /// The index of its class; nil for none.
    public let label: Int?
    /// Which of its augmentations this is.
    public let augmentation: Int
    /// How many it has.
    public let augmentations: Int
  }

  /// Reads an image.
  ///
  /// - Parameters:
  ///   - index: of the image.
  ///   - choose: picks one of so many augmentations.
  /// - Throws: where a file cannot be read, or has another number of codes than the first.
  public func sample(_ index: Int, choosing choose: (Int) -> Int) throws -> Sample {
    let entry = entries[index]
    let path = Self.path(entry, in: codes)
    let file = try Self.read(path)
    guard file.tokens == tokens else {
      throw TrainingError.sample(path: path, found: "\(file.tokens) codes", expected: "\(tokens), as in the first file")
    }
    let augmentations = file.values.count / tokens
    let augmentation = choose(augmentations)
    return Sample(
      codes: Array(file.values[augmentation * tokens..<(augmentation + 1) * tokens]),
      label: try label(of: entry).map { try decoderRow(of: $0, path) },
      augmentation: augmentation, augmentations: augmentations)
  }

  /// What tells the data from other data: a hash over the names and sizes of the codes' files, and the tokenizer that made them.
  package func fingerprint() throws -> String {
    var fingerprint = Fingerprint()
    if let tokenizer = try description?.tokenizerFingerprint() { fingerprint.add(tokenizer) }
    for entry in entries {
      var status = stat()
      guard stat(Self.path(entry, in: codes), &status) == 0 else { continue }
      fingerprint.add("\(entry.path) \(status.st_size)")
    }
    return fingerprint.text
  }

  /// The data with the classes of a decoder: a class is the one of its name, or the one whose index its name is.
  ///
  /// - Parameters:
  ///   - names: of the decoder's classes, in order; empty where they have none.
  ///   - count: how many classes the decoder has.
  /// - Throws: ``TrainingError/sample(path:found:expected:)`` where a class of an image is none of the decoder's.
  package func withClasses(_ names: [String], count: Int) throws -> TrainingData {
    guard !names.isEmpty, !classNames.isEmpty, classNames != names else { return self }
    var rows = Array(repeating: 0, count: classNames.count), strangers: [String] = []
    let used = Set(
      entries.compactMap { entry -> Int? in
        guard case .index(let index) = entry.label else { return nil }
        return index
      })
    for (index, name) in classNames.enumerated() {
      if let row = names.index(ofClass: name) {
        rows[index] = row
      } else if used.contains(index) {
        strangers.append(name)
      }
    }
    guard strangers.isEmpty else {
      let nearest = strangers.count == 1 ? strangers[0].nearest(among: names).map { "; did you mean '\($0)'?" } : nil
      throw TrainingError.sample(
        path: root, found: "the classes \(strangers.joined(separator: ", ")), which the decoder does not know",
        expected: "names or indices of its \(count) classes" + (nearest ?? ""))
    }
    var data = self
    data.renumbered = rows
    data.classNames = names
    data.classes = count
    return data
  }

  /// The images without their classes.
  package func withoutClasses() -> TrainingData {
    var data = self
    data.entries = entries.map { Entry(folder: $0.folder, name: $0.name, label: .none) }
    (data.classes, data.classNames, data.renumbered) = (0, [], nil)
    return data
  }

  /// The decoder's class of a class of the data.
  private func decoderRow(of label: Int, _ path: String) throws -> Int {
    guard let renumbered else { return label }
    guard renumbered.indices.contains(label) else {
      throw TrainingError.sample(path: path, found: "class \(label)", expected: "below \(renumbered.count)")
    }
    return renumbered[label]
  }

  /// Reads a control of an image, as its adapter stored it.
  ///
  /// - Parameters:
  ///   - adapter: whose control.
  ///   - index: of the image.
  ///   - sample: the image.
  ///   - context: the shape of the model's images, and the names of its classes.
  /// - Throws: where a file is missing or is no image, or the adapter cannot use it.
  public func control(
    _ adapter: any TrainableAdapter, of index: Int, _ sample: Sample, in context: PreprocessingContext
  ) throws -> PreparedControl {
    let descriptor = adapter.descriptor, folder = Self.controls(of: descriptor.name, in: root)
    guard adapter.storedKind == .image else {
      return try adapter.storedControl(.text(text(path(of: index, in: folder) + ".txt", descriptor.name)), in: context)
    }
    let suffix = (sample.augmentations == 1 ? "" : ".\(sample.augmentation)") + ".png"
    func image(_ folder: String) throws -> Image { try ImageFile.read(path(of: index, in: folder) + suffix) }
    var control = try adapter.storedControl(.image(image(folder)), in: context)
    for name in controlFolders where name.hasPrefix("\(descriptor.name).") {
      let what = String(name.dropFirst(descriptor.name.count + 1))
      guard FileManager.default.fileExists(atPath: path(of: index, in: "\(folder).\(what)") + suffix) else { continue }
      control.trainingImages[what] = try image("\(folder).\(what)")
    }
    return control
  }

  /// Where the controls of an adapter are.
  static func controls(of adapter: String, in root: String) -> String { "\(root)/controls/\(adapter)" }

  private func text(_ path: String, _ adapter: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20 else {
      throw TrainingError.sample(path: path, found: "no text", expected: "one for \(adapter)")
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The path of an image's files in a folder of controls, without an ending.
  private func path(of index: Int, in folder: String) -> String {
    String(Self.path(entries[index], in: folder).dropLast(".npy".count))
  }

  /// The file of an image, for errors.
  public func path(of index: Int) -> String { Self.path(entries[index], in: codes) }

  private func label(of entry: Entry) throws -> Int? {
    switch entry.label {
    case .none: return nil
    case .index(let index): return index
    case .file: break
    }
    let path = "\(labels ?? codes)/\(entry.name)"
    let file = try NPYFile(contentsOf: path)
    guard file.values.count == 1, let label = file.values.first, label >= 0 else {
      throw TrainingError.sample(path: path, found: "\(file.values.count) values", expected: "the index of a class")
    }
    return label
  }

  private static func path(_ entry: Entry, in codes: String) -> String {
    entry.folder.isEmpty ? "\(codes)/\(entry.name)" : "\(codes)/\(entry.folder)/\(entry.name)"
  }

  private static func read(_ path: String) throws -> (tokens: Int, values: [Int]) {
    let file = try NPYFile(contentsOf: path)
    // Rows and columns of one image would be taken for many small ones.
    let isGrid = file.shape.count == 2 && file.shape[0] == file.shape[1] && file.shape[0] > 1
    guard let tokens = file.shape.last, tokens > 0, !file.values.isEmpty, !isGrid else {
      throw TrainingError.sample(
        path: path, found: "an array of shape \(file.shape)", expected: "[1, augmentations, tokens]")
    }
    return (tokens, file.values)
  }
}
