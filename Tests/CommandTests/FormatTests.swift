import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("Inputs of other formats")
struct FormatTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Writes an array of 32-bit floats into the folder.
  private func write(_ values: [Float], shape: [Int], as name: String) throws {
    let lengths = shape.map { "\($0)," }.joined()
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(lengths)), }\n"
    var bytes = Data([0x93] + Array("NUMPY\u{1}\0".utf8) + [UInt8(header.utf8.count), 0] + Array(header.utf8))
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    try bytes.write(to: place.folder.appendingPathComponent(name))
  }

  @Test("Depth in a .npy file is that of the PNG with the same values")
  func depthArrays() throws {
    let png = Workplace.example("depth/car.png")
    let image = try ImageFile.read(png)
    let values = image.greyPlane.values
    try write(values, shape: [image.height, image.width], as: "map.npy")
    try write(values.map { 40 * $0 }, shape: [1, image.height, image.width], as: "metres.npy")
    try place.run("control", "--depth", png, "--steps", "4", "-o", "a.png")
    try place.run("control", "--depth", "map.npy", "--steps", "4", "-o", "b.png")
    #expect(try place.image("a.png") == place.image("b.png"))
    try place.run("preprocess", "depth", png, "-o", "c.png")
    try place.run("preprocess", "depth", "metres.npy", "-o", "d.png")
    let pairs = zip(try place.image("c.png").pixels, try place.image("d.png").pixels)
    #expect(pairs.allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test("Numbers that are missing or infinite are far")
  func holes() throws {
    try write([.nan, 2, .infinity, 6, 4, 2], shape: [2, 3], as: "map.npy")
    try place.run("preprocess", "depth", "map.npy", "-o", "a.png")
    let pixels = try place.image("a.png").pixels
    #expect(stride(from: 0, to: 18, by: 3).map { pixels[$0] } == [0, 0, 0, 255, 128, 0])
    try write([1, 2, 3], shape: [3], as: "row.npy")
    try place.refuse("control", "--depth", "row.npy", "-o", "b.png", saying: "row.npy", "[3]", "[rows, columns]")
  }

  @Test("A WebP sketch gives the image of the PNG; others are refused with a command that converts them")
  func sketches() throws {
    let webp = Fixtures.path("sketches/house.webp")
    try place.run("control", "--edges", Workplace.example("house.png"), "--steps", "4", "-o", "a.png")
    try place.run("control", "--edges", webp, "--steps", "4", "-o", "b.png")
    #expect(try place.image("a.png") == place.image("b.png"))
    #expect(try place.run("info", webp).output.contains("WebP image"))
    try Data([0, 0, 0, 0x20] + Array("ftypheic".utf8)).write(to: place.folder.appendingPathComponent("in.heic"))
    try place.refuse("control", "--edges", "in.heic", "-o", "c.png", saying: "in.heic", "magick in.heic out.png")
  }
}
