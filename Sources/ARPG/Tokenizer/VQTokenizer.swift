import ARPGLayers
import ARPGTensor

/// Turns images into codes and codes into images.
///
/// Every image is worked on by itself: its result depends neither on the others nor on the number of threads.
///
/// Source: LlamaGen, arXiv 2406.06525, section 3.1, which ARPG, RandAR and ControlAR use unchanged.
public struct VQTokenizer: ImageTokenizer {
  /// The sizes.
  public let configuration: VQConfiguration
  private let encoder: VQEncoder
  private let decoder: VQDecoder
  private let codebook: Codebook
  private let toLatents, fromLatents: Convolution

  /// Takes the tensors of a published checkpoint by their names there.
  public init(_ configuration: VQConfiguration, _ parameters: ParameterReader) {
    self.configuration = configuration
    encoder = VQEncoder(configuration, parameters.scoped("encoder."))
    toLatents = Convolution(
      configuration.latent, configuration.codeDim, kernel: 1, parameters.scoped("quant_conv."))
    codebook = Codebook(configuration, parameters.scoped("quantize."))
    fromLatents = Convolution(
      configuration.codeDim, configuration.latent, kernel: 1, parameters.scoped("post_quant_conv."))
    decoder = VQDecoder(configuration, parameters.scoped("decoder."))
  }

  /// `vq`.
  public static let architecture = "vq"
  /// What it is.
  public static let summary = "VQ tokenizer of LlamaGen"

  /// The name of the codebook's vectors.
  package static let codebookName = "quantize.embedding.weight"

  /// Whether there is a codebook of its name.
  public static func recognizes(_ source: any ParameterSource) -> Bool {
    source.shape(of: codebookName) != nil && source.shape(of: "encoder.conv_in.weight") != nil
  }

  /// The sizes of a checkpoint; see ``VQConfiguration/init(inferredFrom:groups:)``.
  public static func configuration(
    of source: any ParameterSource, groups: Int?
  ) throws(ConfigurationError) -> VQConfiguration {
    try VQConfiguration(inferredFrom: source, groups: groups)
  }

  /// A count of uses that published checkpoints carry.
  public static func ignores(_ name: String) -> Bool { name == "quantize.codebook_used" }

  /// Images to latents of unit length and the codes nearest to them.
  ///
  /// - Parameter images: `[batch, 3, height, width]` in -1 ... 1, both sides multiples of the configuration's factor.
  /// - Returns: latents `[batch, code_dim, height / factor, width / factor]`, and for each image its codes in raster
  ///   order.
  /// - Throws: ``TokenizerError`` where the shape does not fit.
  public func encode(_ images: Tensor) throws(TokenizerError) -> (latents: Tensor, codes: [[Int]]) {
    let factor = configuration.downsamplingFactor, shape = images.shape
    guard shape.count == 4, shape[1] == 3, shape[2] > 0, shape[3] > 0, shape[2] % factor == 0, shape[3] % factor == 0
    else { throw .imageShape(found: shape, factor: factor) }
    var codes: [[Int]] = []
    let latents = (0..<shape[0]).map { image in
      let rows = self.latents(of: images.detached().slice(image..<image + 1))
      codes.append(codebook.codes(of: rows))
      return rows.transposed()
    }
    return (Self.stacked(latents, as: [configuration.codeDim, shape[2] / factor, shape[3] / factor]), codes)
  }

  /// Codes to images `[batch, 3, rows * factor, columns * factor]`, meant to lie in -1 ... 1 and not clamped.
  ///
  /// - Parameters:
  ///   - codes: for each image its codes in raster order.
  ///   - rows: the rows of the grid of codes.
  ///   - columns: the columns of the grid of codes.
  /// - Throws: ``TokenizerError`` where a code is not in the codebook or their number is not that of the grid.
  public func decode(_ codes: [[Int]], rows: Int, columns: Int) throws(TokenizerError) -> Tensor {
    let (expected, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0, !overflow else { throw .grid(rows: rows, columns: columns) }
    for (image, codes) in codes.enumerated() {
      guard codes.count == expected else {
        throw .codeCount(image: image, found: codes.count, rows: rows, columns: columns)
      }
      if let position = codes.firstIndex(where: { !(0..<configuration.codebook ~= $0) }) {
        throw .codeOutOfRange(
          image: image, position: position, found: codes[position], codebook: configuration.codebook)
      }
    }
    let memory = PixelMemory()
    let images = codes.map { codes in
      let vectors = codebook.vectors(of: codes)
      guard decoder.takesPixels else {
        return self.images(of: vectors.reshaped(1, expected, configuration.codeDim), rows: rows)
      }
      let pixels = Pixels(rows: vectors, height: rows, width: columns, memory)
      return decoder.image(of: fromLatents(pixels, memory), memory)
    }
    return Self.stacked(
      images, as: [3, rows * configuration.downsamplingFactor, columns * configuration.downsamplingFactor])
  }

  /// Latents of unit length, one row for each position: images `[batch, 3, height, width]` in -1 ... 1 to
  /// `[batch, positions, code_dim]`. Differentiable; the shape must fit.
  package func latents(of images: Tensor) -> Tensor {
    let x = toLatents(encoder(images))
    return x.reshaped(x.shape[0], x.shape[1], x.shape[2] * x.shape[3]).transposed().normalizedRows()
  }

  /// The code nearest to each latent: `[..., code_dim]`.
  package func codes(of latents: Tensor) -> [Int] { codebook.codes(of: latents) }

  /// The vectors of codes, of unit length: `[codes, code_dim]`. Differentiable with respect to the codebook. Traps on a
  /// code that is not in the codebook.
  public func codeVectors(_ codes: [Int]) -> Tensor { codebook.vectors(of: codes) }

  /// Images of vectors: `[batch, positions, code_dim]` to `[batch, 3, height, width]`, not clamped. Differentiable.
  ///
  /// - Parameter rows: the rows of the grid, a divisor of the number of positions.
  package func images(of vectors: Tensor, rows: Int) -> Tensor {
    let batch = vectors.shape[0], columns = vectors.shape[1] / rows
    return decoder(fromLatents(vectors.transposed().reshaped(batch, configuration.codeDim, rows, columns)))
  }

  private static func stacked(_ tensors: [Tensor], as shape: [Int]) -> Tensor {
    if tensors.count == 1 { return tensors[0].reshaped([1] + shape) }
    return Tensor(shape: [tensors.count] + shape) { out in
      for (index, tensor) in tensors.enumerated() {
        let part = UnsafeMutableBufferPointer(rebasing: out[index * tensor.count..<(index + 1) * tensor.count])
        tensor.withValues { _ = part.initialize(from: $0) }
      }
    }
  }
}
