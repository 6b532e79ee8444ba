import ARPGTensor

extension TokenizerTask {
  /// The mean reconstruction loss (`reconstruction`) and the mean of the images' peak signal-to-noise ratios in dB (`psnr`) on
  /// held-out images, cropped to their centre and not mirrored. Always the same images. Empty without held-out data.
  public func heldOutLosses(_ parameters: [String: Tensor], seed: UInt64) throws -> [String: Double] {
    guard let heldOut else { return [:] }
    return try heldOut.means { samples in
      var sums = ["reconstruction": 0.0, "psnr": 0]
      for (_, index) in samples {
        let image = try heldOut.data.images([index], isMirrored: [false])
        let decoded = reconstructed(image, parameters)
        sums["reconstruction", default: 0] += Double(objective.reconstruction(decoded, target: image).scalar)
        sums["psnr", default: 0] += TokenizerObjective.psnr(decoded, image)
      }
      return sums
    }
  }
}
