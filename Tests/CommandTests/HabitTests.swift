import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

/// What shells, strangers' files and the file system do to the program.
@Suite("Habits of the command line")
struct HabitTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Runs the program by a shell, which sees the words `ARPG`, and gives its exit code.
  private func shell(_ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "ARPG='\(try ARPGProcess.executable.path)'; " + line]
    process.currentDirectoryURL = place.folder
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }

  @Test("Standard error that is closed, full or gone ends no work; results that are lost do")
  func streams() throws {
    for (number, redirection) in ["2>&-", "2>/dev/full", "2>&1 | true"].enumerated() {
      #expect(try shell("\"$ARPG\" sample --class mug --steps 2 -o \(number).png \(redirection)") == 0)
      #expect(try place.image("\(number).png").width == 256)
    }
    #expect(try shell("\"$ARPG\" info > /dev/full") == 1)
    #expect(try shell("\"$ARPG\" info --json >&-") == 1)
    #expect(try shell("\"$ARPG\" --help > /dev/full") == 1)
    #expect(try shell("\"$ARPG\" info | head -n 1") == 0)
  }

  @Test("An image of a batch is made again by its number, or from what it says of itself")
  func again() throws {
    try place.run(
      "sample", "--class", "mug", "--steps", "3", "--seed", "7", "--count", "3", "-o", "a.png", "--top-p", "1")
    try place.run(
      "sample", "--class", "mug", "--steps", "3", "--seed", "7", "--number", "3", "-o", "b.png", "--top-p", "1")
    #expect(try place.image("b.png") == place.image("a-3.png"))
    try place.run("sample", "--class", "mug", "--like", "a-2.png", "-o", "c.png")
    #expect(try place.image("c.png") == place.image("a-2.png"))
    try place.run("sample", "--class", "mug", "--like", "c.png", "--seed", "8", "-o", "d.png")
    #expect(try place.image("d.png") != place.image("c.png"))
    let text = try place.run("info", "b.png").output
    for word in ["Steps: 3", "Seed: 7", "CFG scale", "class: mug"] { #expect(text.contains(word)) }
    try place.refuse("sample", "--like", Fixtures.path("images/cat.jpg"), "-o", "e.png", saying: "does not say")
    try place.refuse("sample", "--number", "2", "--count", "2", "-o", "e.png", saying: "--number")
  }

  @Test("A minus sign stands for standard input and output")
  func standardStreams() throws {
    let sketch = Workplace.example("mug.png")
    try place.run("control", "--edges", sketch, "--steps", "2", "-o", "file.png")
    let piped = try ARPGProcess(
      ["control", "--edges", "-,strength=1", "--steps", "2", "-o", "-", "--quiet"], in: place.folder, input: sketch)
    #expect(piped.status == 0 && piped.errors.isEmpty)
    #expect(try ImageFile.read([UInt8](piped.bytes)) == place.image("file.png"))
    let text = try ImageFile.text(of: [UInt8](piped.bytes)).map(\.value).joined()
    #expect(text.contains("\"standard input\""))
    try place.run("preprocess", "canny", sketch, "-o", "edges.png")
    let edges = try ARPGProcess(["preprocess", "canny", "-", "-o", "-"], in: place.folder, input: sketch)
    #expect(try ImageFile.read([UInt8](edges.bytes)) == place.image("edges.png"))
    try place.run("encode", sketch, "-o", "codes.npy")
    let sheet = try ARPGProcess(
      ["sample", "--class", "mug", "--count", "2", "--steps", "2", "-o", "-"], in: place.folder)
    #expect(try ImageFile.read([UInt8](sheet.bytes)).width > 256)
    let decoded = try ARPGProcess(["decode", "codes.npy", "-o", "-"], in: place.folder)
    try place.run("decode", "codes.npy", "-o", "decoded.png")
    #expect(try ImageFile.read([UInt8](decoded.bytes)) == place.image("decoded.png"))
    try NPYFile(shape: [2, 2], values: [0, 1, 2, 3]).write(to: place.path("depth.npy"))
    let depth = try ARPGProcess(
      ["control", "--depth", "-", "--steps", "1", "-o", "d.png"], in: place.folder, input: place.path("depth.npy"))
    #expect(depth.status == 0, "\(depth.errors)")
    try place.refuse("control", "--edges", "-", "--depth", "-", "-o", "o.png", saying: "standard input is one")
    try place.refuse("control", "--edges", "-", "-o", "o.png", saying: "standard input", "empty")
    try place.refuse("sample", "--class", "mug", "-o", "-", "--json", saying: "--json")
    try place.refuse("sample", "--class", "mug", "-o", "-", "--preview-every", "1", saying: "--preview-every")
  }

  @Test("Metadata tell how inputs were read, their hashes and those of the weights; a JPEG tells its settings as EXIF")
  func origins() throws {
    let sketch = Workplace.example("mug.png")
    func controls(_ options: String...) throws -> ([String: Any], [String: Any]) {
      let parameters =
        try ARPGProcess(
          ["control", "--edges", sketch, "--steps", "2", "-o", "o.jpg", "--json"] + options, in: place.folder
        ).json()["parameters"] as? [String: Any]
      let control = try #require((parameters?["controls"] as? [[String: Any]])?.first)
      return (control, try #require(parameters?["weights"] as? [String: Any]))
    }
    let (edges, weights) = try controls()
    #expect((edges["reading"] as? String)?.contains("edges or a sketch") == true)
    #expect((edges["fingerprint"] as? String)?.count == 32)
    #expect(Set(weights.keys) == ["decoder", "tokenizer", "canny"])
    try FileManager.default.copyItem(atPath: sketch, toPath: place.path("same.png"))
    let (same, again) = try controls("--depth", "same.png")
    #expect(same["fingerprint"] as? String == edges["fingerprint"] as? String)
    #expect(again["decoder"] as? String == weights["decoder"] as? String && again["depth"] != nil)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: place.path("o.jpg")))
    #expect(bytes.range(of: Data("Exif\0\0MM".utf8)) != nil && bytes.range(of: Data("UNICODE\0".utf8)) != nil)
    let text = try #require(ImageFile.text(of: place.path("o.jpg")).first { $0.keyword == "parameters" })
    #expect(text.value.contains("Steps: 2") && text.value.contains("Model hash: "))
    try place.run("control", "--edges", sketch, "--depth", "same.png", "--like", "o.jpg", "-o", "like.jpg")
    #expect(try place.image("like.jpg") == place.image("o.jpg"))
  }

  @Test("Memory stays within 16 bytes a pixel and 100 MB; more pixels than allowed are refused")
  func pixels() throws {
    let width = 4000, height = 3000
    let grey = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
    try ImageFile.write(Image(width: width, height: height, grey: grey), to: place.path("grey.png"))
    try ImageFile.write(Image(width: width, height: height, grey: grey), to: place.path("grey.jpg"))
    let bound = width * height * 16 + 100_000_000
    for name in ["canny", "depth", "region"] {
      for file in ["grey.png", "grey.jpg"] {
        let peak = try ARPGProcess.peakMemory(["preprocess", name, file, "-o", "o.png", "--quiet"], in: place.folder)
        #expect(peak < bound, "\(name) of \(file): \(peak / 1_000_000) of \(bound / 1_000_000) MB")
      }
    }
    try place.refuse(
      "preprocess", "region", "grey.png", "-o", "p.png", "--max-pixels", "11999999", saying: "--max-pixels")
    try place.run("preprocess", "region", "grey.png", "-o", "p.png", "--max-pixels", "12000000")
    try place.refuse("control", "--edges", "grey.png", "-o", "q.png", "--max-pixels", "100", saying: "4000 x 3000")
    try place.refuse("control", "--edges", "grey.png", "-o", "q.png", "--max-pixels", "0", saying: "--max-pixels")
  }

  @Test("The classes of a model are listed and searched")
  func classes() throws {
    #expect(try place.run("info", "--classes").lines.count == 16)
    #expect(try place.run("info", "--matching", "MUG").lines.map { $0.hasSuffix(" mug") } == [true])
    try place.refuse("info", "--matching", "zebra", saying: "zebra")
  }

  @Test("Inputs of one canvas lie on each other, whatever the rule")
  func geometry() throws {
    let side = 256
    func cut(_ image: Image, _ columns: Range<Int>) -> Image {
      var rows: [UInt8] = []
      for y in 0..<image.height {
        let start = y * image.width
        rows += image.pixels[(start + columns.lowerBound) * 3..<(start + columns.upperBound) * 3]
      }
      return Image(width: columns.count, height: image.height, pixels: rows)
    }
    let mug = try ImageFile.read(Workplace.example("mug.png")).resized(
      to: ImageSize(width: side, height: side), filter: .bicubic)
    var wide = [UInt8](repeating: 255, count: 456 * side * 3)
    for y in 0..<side {
      wide.replaceSubrange(
        (y * 456 + 100) * 3..<(y * 456 + 100 + side) * 3, with: mug.pixels[y * side * 3..<(y + 1) * side * 3])
    }
    let canvas = Image(width: 456, height: side, pixels: wide)
    let ramp = Image(
      width: 456, height: side, grey: (0..<456 * side).map { UInt8(255 - $0 % 456 * 255 / 455) })
    for (name, image) in [("edges", canvas), ("depth", ramp), ("region", ramp)] {
      try ImageFile.write(image, to: place.path("\(name).png"))
      try ImageFile.write(cut(image, 100..<356), to: place.path("\(name)-cut.png"))
    }
    try place.run(
      "control", "--edges", "edges.png,region=region.png", "--depth", "depth.png", "--steps", "4", "-o", "wide.png")
    try place.run(
      "control", "--edges", "edges-cut.png,region=region-cut.png", "--depth", "depth-cut.png,near=bright", "--steps",
      "4", "-o", "cut.png")
    #expect(try place.image("wide.png") == place.image("cut.png"))
    for name in ["canny", "region"] {
      let file = name == "canny" ? "edges" : name
      for fit in ["crop", "pad", "stretch"] {
        try place.run("preprocess", name, "\(file).png", "-o", "\(fit).png", "--size", "128", "--fit", fit)
      }
      try place.run("preprocess", name, "\(file)-cut.png", "-o", "hand.png", "--size", "128")
      let (crop, hand) = (try place.image("crop.png"), try place.image("hand.png"))
      let apart = zip(crop.pixels, hand.pixels).map { abs(Int($0.0) - Int($0.1)) }
      #expect(Double(apart.reduce(0, +)) / Double(apart.count) < 4, "\(name)")
      let padded = try place.image("pad.png").greyValues
      #expect(padded.prefix(20 * 128).allSatisfy { $0 == 0 } && padded.suffix(20 * 128).allSatisfy { $0 == 0 })
    }
    let note = try place.run("preprocess", "canny", "edges.png", "-o", "n.png", "--size", "128").errors
    #expect(note.contains("44 % of the image is cut off") && note.contains("fit=pad"))
  }

  @Test("A region painted on transparency is one in black and white; one that is black everywhere is noted")
  func regions() throws {
    let alpha = (0..<64 * 64).map { UInt8($0 % 64 < 32 ? 255 : 0) }
    let painted = Image(width: 64, height: 64, pixels: Array(repeating: 255, count: 64 * 64 * 3), alpha: alpha)
    let json = try JSONEncoder().encode(painted)
    #expect(try JSONDecoder().decode(Image.self, from: json) == painted)
    #expect(FittedImage(painted).mask.values == alpha.map { Float($0) / 255 })
    try ImageFile.write(Image(width: 8, height: 8, grey: Array(repeating: 0, count: 64)), to: place.path("black.png"))
    let process = try place.run(
      "control", "--edges", "\(Workplace.example("mug.png")),region=black.png", "--steps", "2", "-o", "o.png", "--json")
    let notes = try process.json()["notes"] as? [String]
    #expect(notes?.contains { $0.contains("region is black everywhere") } == true && process.errors.isEmpty)
  }

  @Test("What tells nothing is noted")
  func nothing() throws {
    try ImageFile.write(Image(width: 40, height: 40, grey: Array(repeating: 255, count: 1600)), to: place.path("w.png"))
    let flat = try place.run("control", "--edges", "w.png", "--depth", "w.png", "--steps", "2", "-o", "o.png").errors
    #expect(flat.contains("there are no lines in it") && flat.contains("it tells no depth"))
    let colours = Image(width: 2, height: 2, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    try ImageFile.write(colours, to: place.path("c.png"))
    #expect(try place.run("preprocess", "depth", "c.png", "-o", "o.png").errors.contains("give the depth in grey"))
  }

  @Test(
    "A long strip takes no more memory than its pixels", .enabled(if: FileManager.default.fileExists(atPath: "/bin/sh"))
  )
  func strip() throws {
    for (width, height) in [(1, 32768), (32768, 2)] {
      let grey = (0..<width * height).map { UInt8($0 % 7 == 0 ? 0 : 255) }
      try ImageFile.write(Image(width: width, height: height, grey: grey), to: place.path("strip.png"))
      for fit in width == 1 ? ["crop", "pad"] : ["stretch"] {
        let command = "\"$ARPG\" control --edges strip.png --fit \(fit) --steps 2 --threads 1 -o strip-out.png"
        #expect(try shell("ulimit -v 3000000; \(command)") == 0, "\(width) x \(height), \(fit)")
      }
    }
  }

  @Test("Commas, equals signs and quotes in names of files; negative numbers; seeds that are drawn")
  func words() throws {
    let sketch = Workplace.example("mug.png")
    for name in ["a,b.png", "sketch,v=2,final.png", "x=1.png"] {
      try FileManager.default.copyItem(atPath: sketch, toPath: place.path(name))
      try place.run("control", "--edges", "\(name),strength=0.5", "--steps", "2", "-o", "o.png")
      try place.run("control", "--control", "canny=\"\(name)\",strength=0.5,to=0.5", "--steps", "2", "-o", "o.png")
    }
    try place.refuse("control", "--control", "canny=\"a,b.png", "-o", "p.png", saying: "double quote")
    try place.run("sample", "--class", "mug", "--guidance", "-1", "--steps", "2", "-o", "o.png")
    for word in ["random", "-1"] {
      let result = try place.run("sample", "--class", "mug", "--seed", word, "--steps", "2", "-o", "o.png", "--json")
        .json()
      let parameters = try #require(result["parameters"] as? [String: Any]), notes = result["notes"] as? [String]
      let seed = try #require(parameters["seed"] as? Int)
      #expect(notes?.contains("the seed is \(seed)") == true)
    }
    try place.refuse("sample", "--class", "mug", "--seed", "-2", saying: "seed")
  }

  @Test("Outputs are checked before the work; inputs and protected files are never replaced; modes stay")
  func outputs() throws {
    let sketch = place.path("s.png")
    try FileManager.default.copyItem(atPath: Workplace.example("mug.png"), toPath: sketch)
    try FileManager.default.createDirectory(atPath: place.path("d.png"), withIntermediateDirectories: false)
    try place.refuse("control", "--edges", "s.png", "-o", "d.png", saying: "d.png", "folder")
    try place.refuse("control", "--edges", "s.png", "-o", "o.png", "--trace", "no/t.safetensors", saying: "no folder")
    try place.refuse("control", "--edges", "s.png", "-o", "./s.png", saying: "one of the inputs")
    try place.refuse("preprocess", "canny", "s.png", "-o", "s.png", saying: "one of the inputs")
    try place.run("sample", "--class", "mug", "--steps", "2", "-o", "o.png")
    try place.refuse("sample", "--class", "mug", "-o", "o.png", "--no-clobber", saying: "o.png", "--no-clobber")
    chmod(place.path("o.png"), 0o640)
    try place.run("sample", "--class", "mug", "--steps", "2", "-o", "o.png")
    let attributes = try FileManager.default.attributesOfItem(atPath: place.path("o.png"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    chmod(place.path("o.png"), 0o444)
    try place.refuse("sample", "--class", "mug", "-o", "o.png", saying: "write-protected")
    try FileManager.default.createDirectory(atPath: place.path("closed"), withIntermediateDirectories: false)
    chmod(place.path("closed"), 0o555)
    try place.refuse("sample", "--class", "mug", "-o", "closed/o.png", saying: "closed")
    chmod(place.path("closed"), 0o755)
  }

  @Test("Metadata tell the version and the names of inputs, without their folders")
  func privacy() throws {
    try place.run("control", "--edges", Workplace.example("mug.png"), "--steps", "2", "-o", "o.png")
    let text = try ImageFile.text(of: place.path("o.png")).map(\.value).joined()
    #expect(text.contains("\"mug.png\"") && !text.contains("/examples") && text.contains("\"version\""))
  }

  @Test("Signals end commands that do not stop at safe places, and those that do with their own code")
  func signals() throws {
    #expect(try shell("timeout -s TERM 0.3 \"$ARPG\" data scenes -o d --count 100000 --size 16; exit $?") != 0)
    #expect(
      try shell(
        "\"$ARPG\" data scenes -o e --count 100000 --size 64 & P=$!; while ! ls e/images/*/*.png; do sleep 0.01; done; kill -TERM $P; wait $P"
      ) == 143)
    #expect(
      try shell(
        "\"$ARPG\" data scenes -o f --count 100000 --size 64 & P=$!; while ! ls f/images/*/*.png; do sleep 0.01; done; kill -HUP $P; wait $P"
      ) == 129)
    #expect(FileManager.default.fileExists(atPath: place.path("e/scenes.json")))
  }
}
