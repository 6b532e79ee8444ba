/// Samples images as codes with a decoder of any family.
public struct Sampler: Sendable {
  /// The decoder that predicts the codes.
  public let decoder: any ImageDecoder

  /// A sampler over a decoder.
  public init(_ decoder: any ImageDecoder) {
    self.decoder = decoder
  }

  /// Starts a batch of images, to be taken step by step.
  ///
  /// - Throws: ``SamplingError`` where the request does not fit the decoder; nothing has been computed then.
  public func start(_ request: SamplingRequest) throws(SamplingError) -> SamplingRun {
    try start([request])
  }

  /// Starts the images of several requests as one batch, to be taken step by step: each is, bit for bit, what it would be alone.
  ///
  /// - Parameter requests: one or more, all of one ``shape(of:)``.
  /// - Throws: ``SamplingError`` where a request does not fit the decoder, or the requests do not go together; nothing has been
  ///   computed then.
  public func start(_ requests: [SamplingRequest]) throws(SamplingError) -> SamplingRun {
    try SamplingRun(decoder, requests)
  }

  /// What a request must have in common with others that are decoded in one batch with it.
  ///
  /// - Throws: ``SamplingError`` where the request does not fit the decoder.
  public func shape(of request: SamplingRequest) throws(SamplingError) -> SamplingShape {
    try SamplingShape(of: request, decoder)
  }

  /// Samples a batch of images from beginning to end.
  ///
  /// - Parameters:
  ///   - request: what to sample.
  ///   - progress: is called after each step; what it throws ends the sampling.
  /// - Returns: the codes of each image, in raster order.
  /// - Throws: ``SamplingError`` where the request does not fit the decoder, or what `progress` throws.
  public func sample(
    _ request: SamplingRequest, progress: (SamplingStep) throws -> Void = { _ in }
  ) throws -> [[Int]] {
    let run = try start(request)
    while let step = run.next() { try progress(step) }
    return run.codes
  }
}

/// One step that has been taken.
public struct SamplingStep: Sendable {
  /// Its place in the schedule, from 0.
  public let index: Int
  /// For each image, the raster positions that it decoded.
  public let positions: [[Int]]
  /// How many codes of each image are decoded now.
  public let done: Int
  /// How many codes of each image there are to decode.
  public let total: Int
}
