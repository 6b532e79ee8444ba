import ARPG
import ArgumentParser

/// `arpg edit IMAGE ...`: some of an image decoded anew.
struct EditCommand: SharedCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "edit",
      abstract: "Change a part of an image, continue it, or give it another class.",
      discussion: """
        What is white in --mask, or in a --box, is decoded anew; so is what is
        transparent in the image, where neither is given. The rest is known to the
        decoder, and pasted over the result. The image keeps its size.

        CONTROLS
        \(CommandContext.adapters.shorthandHelp(inputs: inputs))

        Each is short for --control NAME=INPUT, takes what it takes in `arpg
        control`, and lies on the whole image.

        EXAMPLES
          arpg edit photo.jpg --mask mask.png -o out.png
          arpg edit photo.jpg --box 25%,25%,50%,50% --class mug --variations 4
          arpg edit photo.jpg --mask mask.png --edges sketch.png -o out.png
          arpg edit photo.jpg --outpaint left=64,right=64 -o wide.png
          arpg edit photo.jpg --keep 0.4 --keep-by edges --class house -o house.png
        """)
  }

  /// The kinds of input whose adapters' shorthands the command takes.
  static let inputs = AdapterDescriptor.Input.allCases

  @Argument(
    help: "The image to change: JPEG, PNG, WebP, TIFF, or its codes in a .npy file; `-` is standard input.")
  var image: String

  @OptionGroup(title: "What changes") var edit: EditOptions
  @OptionGroup(title: "Generation") var generation: GenerationOptions

  func validate() throws {
    let inputs: [String?] = [image, edit.mask] + generation.inputs.controls.flatMap { [$0.input, $0.region] }
    guard inputs.count(where: { $0 == InputFile.standardInput }) <= 1 else {
      throw ValidationError("- stands for several inputs, and standard input is one; name files for the others")
    }
  }

  func run() throws {
    try generation.run(defaultOutput: "edit.png", edit: EditInput(image: image, options: edit))
  }
}

/// What of an image is decoded anew, and how it is joined to the rest.
struct EditOptions: ParsableArguments {
  @Option(help: ArgumentHelp("White is decoded anew, black and transparent are kept.", valueName: "image"))
  var mask: String?

  @Option(
    name: .customLong("box"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A rectangle to decode anew, in pixels or per cent; repeatable.", valueName: "x,y,w,h"))
  var boxes: [EditBox] = []

  @Option(
    help: ArgumentHelp("Pixels to continue the image by: a number, or some of the sides.", valueName: "left=n,..."))
  var outpaint: MarginsArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Keep this share of the codes that would be decoded anew, 0 to 1.", valueName: "share"))
  var keep: Double?

  @Option(help: "Which codes --keep keeps: random, certainty (the likeliest) or edges.")
  var keepBy = KeptShare.Choice.random

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A code is decoded anew where the mask covers more than this share of its cell.", valueName: "share"))
  var maskThreshold = 0.1

  @Option(parsing: .unconditional, help: ArgumentHelp("Cells by which the mask is grown.", valueName: "n"))
  var grow = 0

  @Option(help: "How the result is joined to the image: feather, hard, or none (all as it was decoded).")
  var paste = EditPaste.feather

  @Flag(help: "Let --output name the image itself.")
  var force = false

  func validate() throws {
    if let keep, !(0...1 ~= keep) { throw ValidationError("--keep is \(keep); it takes 0 to 1") }
    guard 0..<1 ~= maskThreshold else {
      throw ValidationError("--mask-threshold is \(maskThreshold); it takes 0 to less than 1")
    }
    guard 0...256 ~= grow else { throw ValidationError("--grow is \(grow); it takes 0 to 256") }
  }
}

extension EditBox: ExpressibleByArgument {
  /// As four numbers between commas.
  public init?(argument: String) { self.init(argument) }
}
extension EditPaste: ExpressibleByArgument {}
extension KeptShare.Choice: ExpressibleByArgument {}

/// `left=64,top=32`, or `64` for all sides.
struct MarginsArgument: ExpressibleByArgument {
  let margins: EditMargins

  init?(argument: String) {
    if let all = Int(argument), all >= 0 {
      margins = EditMargins(left: all, top: all, right: all, bottom: all)
      return
    }
    var margins = EditMargins.none
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false)
      guard pair.count == 2, let pixels = Int(pair[1]), pixels >= 0 else { return nil }
      switch pair[0] {
      case "left": margins.left = pixels
      case "top": margins.top = pixels
      case "right": margins.right = pixels
      case "bottom": margins.bottom = pixels
      default: return nil
      }
    }
    self.margins = margins
  }
}
