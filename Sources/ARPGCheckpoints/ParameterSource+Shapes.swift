extension ParameterSource {
  /// The sizes of a tensor of two axes.
  ///
  /// - Throws: ``ConfigurationError/notInferable(source:found:remedy:)`` that names `model`, where there is none.
  public func matrix(_ name: String, of model: String) throws(ConfigurationError) -> (rows: Int, columns: Int) {
    let shape = try self.shape(name, axes: 2, of: model)
    return (shape[0], shape[1])
  }

  /// The shape of a tensor that must be there and have a number of axes.
  ///
  /// - Throws: ``ConfigurationError/notInferable(source:found:remedy:)`` that names `model`, where there is none.
  public func shape(_ name: String, axes: Int, of model: String) throws(ConfigurationError) -> [Int] {
    guard let shape = shape(of: name) else {
      throw .notInferable(
        source: sourceName, found: "\(name) is missing", remedy: "expected a checkpoint of \(model)")
    }
    guard shape.count == axes else {
      throw .notInferable(
        source: sourceName, found: "\(name) has the shape \(shape)", remedy: "expected \(axes) axes")
    }
    return shape
  }

  /// How many of `name(0)`, `name(1)`, ... are there before the first that is not.
  public func run(_ name: (Int) -> String) -> Int {
    var count = 0
    while shape(of: name(count)) != nil { count += 1 }
    return count
  }
}
