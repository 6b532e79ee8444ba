import ARPG
import ARPGControl
import ARPGTensor

/// An adapter of a library whose control images go through a ControlAR network: trained, kept in files and used as those that
/// are built in.
struct NetworkAdapter: ControlImageAdapter {
  let descriptor: AdapterDescriptor
  let interpolation: Interpolation
  let library: LibraryAdapter

  /// One control image for one input, of whatever kind.
  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    [try library.preprocess(input, options: options, of: descriptor, in: context)]
  }

  func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    try library.preprocess(
      .image(image), options: options, of: descriptor, in: PreprocessingContext(imageSize: image.size))
  }

  func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
    guard library.tellsControlOfImage else { return nil }
    // What users must give beside the input does not stand beside an image.
    let described = descriptor.withoutRequired
    return try library.control(
      of: FittedImage(image.image, to: context.imageSize), options: OptionValues(for: described), of: described,
      in: context)
  }
}

extension AdapterDescriptor {
  /// The same without what must be given.
  fileprivate var withoutRequired: Self {
    Self(
      name: name, summary: summary, input: input, inputSummary: inputSummary, example: example, shorthand: shorthand,
      options: options.filter { !$0.isRequired })
  }
}
