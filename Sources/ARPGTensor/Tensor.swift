/// An array of 32-bit floats with a shape, contiguous and row-major, whose values do not change.
///
/// Operations on tensors record what gradients need only where one of their inputs is tracked (see ``tracked()``); the
/// same code therefore samples and trains.
public struct Tensor: Sendable {
  /// The length of each axis, outermost first. A scalar has no axes.
  public let shape: [Int]
  var storage: TensorStorage
  let offset: Int
  let node: GradientNode?

  /// The number of values.
  public let count: Int

  init(shape: [Int], storage: TensorStorage, offset: Int = 0, node: GradientNode? = nil) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
    self.node = node
    count = shape.reduce(1, *)
    precondition(offset + count <= storage.count, "a tensor of shape \(shape) does not fit its storage")
  }

  /// A tensor whose values `body` writes. `body` must set every one of them.
  public init(shape: [Int], initializing body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    let storage = TensorStorage(count: shape.reduce(1, *))
    try body(UnsafeMutableBufferPointer(start: storage.base, count: storage.count))
    self.init(shape: shape, storage: storage)
  }

  /// A tensor whose values are not set yet; the operation that makes it sets them before anyone reads.
  init(uninitialized shape: [Int]) {
    self.init(shape: shape, storage: TensorStorage(count: shape.reduce(1, *)))
  }

  /// A tensor whose values are not set yet, for the one who sets them before anyone reads.
  package static func unset(_ shape: [Int]) -> Tensor { Tensor(uninitialized: shape) }

  /// A tensor with the same value everywhere.
  public init(shape: [Int], repeating value: Float) {
    self.init(shape: shape) { $0.initialize(repeating: value) }
  }

  /// A tensor of the values given, in row-major order. Traps where their number is not the product of `shape`.
  public init(shape: [Int], values: some Collection<Float>) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
    self.init(shape: shape) { _ = $0.initialize(from: values) }
  }

  /// A view of floats that stay valid and unchanged as long as `owner` lives: a mapped file, for example.
  public init(shape: [Int], borrowing floats: UnsafeBufferPointer<Float>, from owner: any AnyObject & Sendable) {
    self.init(shape: shape, storage: TensorStorage(borrowing: floats, from: owner))
  }

  /// Calls `body` with the values in row-major order.
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(start: pointer, count: count)) }
  }

  /// Calls `body` with the values to change in place. Only for the one owner of a tensor that nobody else has seen.
  package func withUnsafeMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: mutablePointer, count: count))
    }
  }

  /// The values in row-major order, copied.
  public var values: [Float] { withValues(Array.init) }

  /// The only value. Traps unless there is exactly one.
  public var scalar: Float {
    precondition(count == 1, "a tensor of shape \(shape) is not a scalar")
    return withValues { $0[0] }
  }

  /// The address of the first value; valid while the storage lives.
  var pointer: UnsafePointer<Float> { UnsafePointer(storage.base + offset) }

  /// The address of the first value, for the operation that makes the tensor.
  var mutablePointer: UnsafeMutablePointer<Float> { storage.base + offset }

  /// The length of the last axis; 1 for a scalar.
  var lastAxis: Int { shape.last ?? 1 }
}

extension Tensor: CustomStringConvertible {
  /// The shape, and the values where they are few.
  public var description: String {
    count <= 16 ? "Tensor\(shape)\(values)" : "Tensor\(shape)"
  }
}
