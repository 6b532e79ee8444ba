import ARPG
import Foundation
import Testing

@Suite("Options of adapters")
struct OptionDescriptorTests {
  private static let descriptor = AdapterDescriptor(
    name: "rich", summary: "has one of each", input: .image, inputSummary: "an image", example: "photo.jpg",
    shorthand: "rich",
    options: [
      .number("level", "a number", range: 0...1, step: 0.25, unit: "pixels", default: 0.5),
      .number("free", "any number", range: -2...2, default: 0),
      .whole("side", "an odd number", range: 1...9, step: 2, unit: "pixels", default: 3),
      .choice("mode", "a word", ["one", "two"]),
      .toggle("invert", "swaps black and white"),
      .text("label", "a text", limit: 5, example: "a, b"),
      .colour("tint", "a colour", default: RGBColour(red: 255, green: 136, blue: 0)),
      .colour("ground", "a colour that may be left out", example: RGBColour(red: 0, green: 0, blue: 0)),
      .input("mask", "a further image", .image),
      .input("points", "a file", .file, isRequired: true),
      .input("numbers", "numbers", .tensor),
    ])

  private static let points: [String: AdapterInput] = ["points": .file(Data([7]))]

  @Test("What is not given has its default, or nothing")
  func defaults() throws {
    let values = try OptionValues(inputs: Self.points, for: Self.descriptor)
    #expect(values.number("level") == 0.5)
    #expect(values.whole("side") == 3)
    #expect(values.choice("mode") == "one")
    #expect(!values.isOn("invert"))
    #expect(values.text("label") == nil)
    #expect(values.colour("tint") == RGBColour(red: 255, green: 136, blue: 0))
    #expect(values.colour("ground") == nil)
    #expect(values.image("mask") == nil && values.tensor("numbers") == nil)
    #expect(values.file("points") == Data([7]))
  }

  @Test("Values that are given are read by their kind")
  func given() throws {
    let mask = Image(width: 2, height: 1, grey: [0, 255])
    let values = try OptionValues(
      ["side": "7", "invert": "yes", "label": "a,b", "tint": "#08f", "mode": "two", "level": "0.75"],
      inputs: Self.points.merging([
        "mask": .image(FittedImage(mask)), "numbers": .tensor(Tensor(shape: [1], values: [4])),
      ]) { $1 }, for: Self.descriptor)
    #expect(values.whole("side") == 7)
    #expect(values.isOn("invert"))
    #expect(values.text("label") == "a,b")
    #expect(values.colour("tint") == RGBColour(red: 0, green: 136, blue: 255))
    #expect(values.image("mask")?.image == mask)
    #expect(values.tensor("numbers")?.values == [4])
  }

  @Test(
    "Values out of range are refused by name and range",
    arguments: [
      ("level", "0.3", "0 to 1 pixels in steps of 0.25"), ("level", "nan", "0 to 1"), ("side", "2", "1 to 9 pixels"),
      ("side", "3.0", "in steps of 2"), ("side", "11", "1 to 9"), ("mode", "three", "one or two"),
      ("invert", "maybe", "on or off"), ("label", "abcdef", "at most 5 characters"), ("tint", "#12345", "a colour"),
      ("mask", "on", "an image"),
    ])
  func refusals(name: String, value: String, range: String) {
    let error = #expect(throws: OptionError.self) {
      try OptionValues([name: value], inputs: Self.points, for: Self.descriptor)
    }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.contains("option \(name) of rich is '\(value)'"))
    #expect(text.contains(range), "\(text)")
  }

  @Test("What must be given, and inputs of another kind, are told")
  func inputs() {
    #expect { try OptionValues(for: Self.descriptor) } throws: { "\($0)".contains("rich needs points: a file") }
    #expect {
      try OptionValues(inputs: ["points": .text("a")], for: Self.descriptor)
    } throws: { "\($0)".contains("option points of rich is 'a text'; it takes a file") }
    #expect {
      try OptionValues(["sides": "3"], inputs: Self.points, for: Self.descriptor)
    } throws: { "\($0)".contains("did you mean 'side'?") }
  }

  @Test("A descriptor survives being written as JSON, and names what a front end needs")
  func json() throws {
    let data = try JSONEncoder().encode(Self.descriptor)
    #expect(try JSONDecoder().decode(AdapterDescriptor.self, from: data) == Self.descriptor)
    let json = try JSONDecoder().decode(JSONValue.self, from: data)
    guard case .object(let object) = json, case .array(let options) = object["options"],
      case .object(let side) = options[2]
    else {
      Issue.record("the descriptor is no object with options: \(json)")
      return
    }
    #expect(object["input_summary"] == .string("an image") && object["example"] == .string("photo.jpg"))
    #expect(side["type"] == .string("whole") && side["minimum"] == .number(1) && side["maximum"] == .number(9))
    #expect(side["step"] == .number(2) && side["unit"] == .string("pixels") && side["default"] == .string("3"))
  }

  @Test(
    "JSON that is no option is refused",
    arguments: [
      #"{"name": "a", "summary": "s", "type": "sound"}"#, #"{"name": "a", "summary": "s", "type": "choice"}"#,
      #"{"name": "a", "summary": "s", "type": "number", "minimum": 2, "maximum": 1, "default": "1"}"#,
      #"{"name": "a", "summary": "s", "type": "whole", "minimum": 0.5, "maximum": 1, "default": "1"}"#, "[]",
    ])
  func hostileJSON(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(OptionDescriptor.self, from: Data(text.utf8)) }
  }

  @Test(
    "Options that are not well-formed cannot be registered",
    arguments: [
      (OptionDescriptor.number("a", "s", range: 0...1, default: 2), "it takes 0 to 1"),
      (.number("a", "s", range: 0...1, step: 0.3, default: 0), "a step of 0.3"),
      (.number("a", "s", range: 0...Double.infinity, default: 0), "does not end"),
      (.whole("a", "s", range: 0...5, step: 2, default: 0), "a step of 2"),
      (.whole("a", "s", range: 0...5, step: 0, default: 0), "a step of 0"),
      (.whole("a", "s", range: Int.min...Int.max, default: 0), "a step of 1"), (.choice("a", "s", []), "no values"),
      (.choice("a", "s", ["b", "b"]), "twice"), (.choice("a", "s", ["b,c"]), "commas"), (.text("a", "s"), "neither"),
      (.text("a", "s", limit: 0, default: ""), "at most 0"), (.colour("a", "s"), "neither"),
      (.input("a", "s", .text), "the kind of a text"), (.toggle("from", "s"), "every control has"),
    ])
  func illFormed(option: OptionDescriptor, reason: String) {
    let descriptor = AdapterDescriptor(
      name: "a", summary: "s", input: .image, inputSummary: "s", options: [option])
    #expect { try descriptor.validate() } throws: { "\($0)".contains(reason) }
  }
}
