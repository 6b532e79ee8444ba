extension Model {
  /// How many times the side of training a side may have: beyond that, patterns repeat.
  private static let maxEnlargement = 2

  /// The pixels of a code along each side.
  public var cell: ImageSize {
    ImageSize(width: imageSize.width / layout.columns, height: imageSize.height / layout.rows)
  }

  /// The size of its images in training.
  public var trainedSize: ImageSize { ImageSize(width: description.imageSize, height: description.imageSize) }

  /// The same model for images of another size, without training.
  ///
  /// What the decoder knows of places is spread over the new grid (RandAR, arXiv 2412.01827, section 4.3), and adapters are
  /// fitted to it. Memory grows with the number of codes, time somewhat faster.
  ///
  /// - Parameter size: both sides multiples of ``cell``, and at most twice those of training.
  /// - Throws: ``ImageSizeError``.
  public func sized(_ size: ImageSize) throws(ImageSizeError) -> Model {
    let trained = trainedDecoder.layout, own = trainedSize
    let most = ImageSize(width: Self.maxEnlargement * own.width, height: Self.maxEnlargement * own.height)
    guard cell.width...most.width ~= size.width, cell.height...most.height ~= size.height else {
      throw .outOfRange(size, least: cell, most: most)
    }
    guard size.width.isMultiple(of: cell.width), size.height.isMultiple(of: cell.height) else {
      throw .noMultiple(size, cell: cell)
    }
    let rows = size.height / cell.height, columns = size.width / cell.width
    var model = self
    model.imageSize = size
    do throws(DecoderError) {
      model.decoder = try trainedDecoder.extended(ifNotOfRows: rows, columns: columns)
      let first = (rows: min(rows, trained.rows), columns: min(columns, trained.columns))
      model.coarse = nil
      if trained.order != .raster, first != (rows, columns) {
        let decoder = try trainedDecoder.extended(ifNotOfRows: first.rows, columns: first.columns)
        model.coarse = CoarseGrid(decoder.layout, spreadOverRows: rows, columns: columns, decoder: decoder)
      }
    } catch {
      throw .decoder(size, cell: cell, error)
    }
    return model
  }

  /// What comes first where controls say nothing of places: an image of the grid of training. Where they do, its positions in
  /// the larger grid, which follow the controls from the beginning.
  func coarse(for request: SamplingRequest) -> CoarseGrid? {
    var coarse = coarse
    if request.known != nil || request.controls.contains(where: \.isSpatial) { coarse?.decoder = nil }
    return coarse
  }

  /// Settings with as many steps as a schedule of one code a step needs for another size.
  func fitted(_ settings: SamplingSettings) -> SamplingSettings {
    guard imageSize != trainedSize, settings.schedule == .single else { return settings }
    var settings = settings
    settings.steps = max(settings.steps, layout.tokens)
    return settings
  }
}

extension ActiveControl {
  /// Whether it acts, and says what is where.
  var isSpatial: Bool { isOn && !condition.tokens.isEmpty }
}

extension ImageDecoder {
  fileprivate func extended(ifNotOfRows rows: Int, columns: Int) throws(DecoderError) -> any ImageDecoder {
    (layout.rows, layout.columns) == (rows, columns) ? self : try extended(toRows: rows, columns: columns)
  }
}

/// A size that a model makes no images of.
public enum ImageSizeError: Error, CustomStringConvertible, Equatable {
  /// A side is too short or too long.
  case outOfRange(ImageSize, least: ImageSize, most: ImageSize)
  /// A side is no multiple of that of a code.
  case noMultiple(ImageSize, cell: ImageSize)
  /// The family of the decoder makes none.
  case decoder(ImageSize, cell: ImageSize, DecoderError)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .outOfRange(let size, let least, let most):
      "size \(size.text) is out of range; this model makes images of \(least.text) to \(most.text) pixels"
    case .noMultiple(let size, let cell):
      "size \(size.text) does not fit; both sides must be multiples of a code's, \(cell.text) pixels: the nearest are "
        + "\(size.multiple(of: cell, roundingUp: false).text) and \(size.multiple(of: cell, roundingUp: true).text)"
    case .decoder(let size, let cell, let error):
      "size \(size.text) does not fit; \(error), each of \(cell.text) pixels"
    }
  }
}

extension ImageSize {
  /// Width and height: `384x256`.
  public var text: String { "\(width)x\(height)" }

  /// Reads `384x256`, or one number for a square.
  public init?(_ text: String) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { side in
      side.allSatisfy { $0.isASCII && $0.isNumber } ? Int(side) : nil
    }
    guard 1...2 ~= sides.count, let width = sides[0], let height = sides[sides.count - 1], width > 0, height > 0 else {
      return nil
    }
    self.init(width: width, height: height)
  }

  fileprivate func multiple(of cell: ImageSize, roundingUp: Bool) -> ImageSize {
    func side(_ length: Int, _ step: Int) -> Int { (length + (roundingUp ? step - 1 : 0)) / step * step }
    return ImageSize(width: side(width, cell.width), height: side(height, cell.height))
  }
}
