import ARPGTensor

extension ModelFolder {
  /// Writes a copy of the model of half the size: matrices and kernels in half precision, vectors as they are.
  ///
  /// - Parameters:
  ///   - path: the folder to write, made where there is none.
  ///   - name: the copy's name; nil for the model's.
  ///   - precision: how the copy's decoder is kept in memory unless told otherwise; nil for what the model says.
  ///   - observe: is told of each file before it is written; what it throws ends the work.
  /// - Returns: the copy.
  /// - Throws: where a file cannot be read or written, or a value does not fit half precision.
  public func writeHalfPrecision(
    to path: String, name: String? = nil, precision: WeightPrecision? = nil,
    observe: (String) throws -> Void = { _ in }
  ) throws -> ModelFolder {
    var writer = ModelWriter(description)
    if let name { writer.description.name = name }
    if let precision { writer.description.precision = precision }
    for file in description.files.sorted() {
      let checkpoint = try Checkpoint.open(self.path(of: file))
      writer.add(file, of: checkpoint, metadata: try Self.halfMetadata(of: checkpoint)) {
        $1.count > 1 ? .float16 : .float32
      }
    }
    return try writer.write(to: path, progress: observe)
  }

  /// What an adapter's file says of itself, of weights in half precision; nothing for other files.
  private static func halfMetadata(of checkpoint: Checkpoint) throws -> [String: String] {
    guard var manifest = try AdapterFile.manifest(of: checkpoint) else { return [:] }
    var halves: [String: Tensor] = [:]
    for name in checkpoint.names {
      let tensor = try checkpoint.tensor(named: name)
      halves[name] =
        tensor.shape.count > 1
        ? Tensor(
          shape: tensor.shape, values: tensor.values.map { Float(Float16(bitPattern: HalfPrecision.float16($0))) })
        : tensor
    }
    manifest.weights = try AdapterManifest.fingerprint(of: ParameterSet(halves))
    return try manifest.metadata()
  }
}
