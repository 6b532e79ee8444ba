import ARPGKernels

/// A matrix of weights, `[outputs, inputs]`, in less than 32 bits each, packed for products with rows.
///
/// Integer weights are multiplied with rows that are rounded to 8 bits, with a scale for each 32 inputs. The bits of a product depend neither on
/// threads, nor on how many rows there are, nor on the processor.
public struct PackedMatrix: Sendable {
  /// How the weights are kept; never ``WeightPrecision/float32``.
  public let precision: WeightPrecision
  /// The rows of the matrix, and its columns.
  public let outputs, inputs: Int
  /// The panels of weights, and for `int8` the scales of all outputs behind them.
  private let storage: TensorStorage
  /// The first panel of the storage that belongs to the matrix, and how many it has altogether.
  private let firstPanel, allPanels: Int

  /// The most inputs of a matrix of integers: sums of products then fit 32 bits.
  public static let mostInputs = 1 << 16

  /// Packs weights, on several threads.
  ///
  /// - Parameters:
  ///   - matrix: `[outputs, inputs]`, or `[outputs, ...]` whose other axes are the inputs one after another; at most ``mostInputs``
  ///     inputs. Traps where there are more, or there is one axis.
  ///   - precision: not ``WeightPrecision/float32``.
  public init(_ matrix: Tensor, as precision: WeightPrecision) {
    precondition(precision != .float32, "32-bit weights are not packed")
    guard let (outputs, inputs) = Self.sizes(of: matrix.shape) else {
      preconditionFailure("\(matrix.shape) is no matrix of at most \(Self.mostInputs) inputs")
    }
    let bytes = Self.byteCount(outputs: outputs, inputs: inputs, as: precision)
    self.init(
      TensorStorage(count: bytes / MemoryLayout<Float>.stride), outputs: outputs, inputs: inputs, as: precision)
    let packed = self
    Parallel.forRanges(packed.panels, grain: 1) { panels in
      let first = panels.lowerBound * Self.panel, count = min(panels.upperBound * Self.panel, outputs) - first
      let rows = matrix.pointer + first * inputs, target = packed.address(ofPanel: panels.lowerBound)
      switch precision {
      case .float32: break
      case .float16: arpg_pack_float16(rows, target.assumingMemoryBound(to: UInt16.self), count, inputs)
      case .bfloat16: arpg_pack_bfloat16(rows, target.assumingMemoryBound(to: UInt16.self), count, inputs)
      case .int8:
        arpg_pack_int8(rows, target.assumingMemoryBound(to: UInt8.self), packed.scales + first, count, inputs)
      case .int4: arpg_pack_int4(rows, target.assumingMemoryBound(to: UInt8.self), count, inputs)
      }
    }
  }

  /// A matrix in memory of its size, whose bytes are or will be set.
  init(_ storage: TensorStorage, outputs: Int, inputs: Int, as precision: WeightPrecision) {
    self.precision = precision
    self.outputs = outputs
    self.inputs = inputs
    self.storage = storage
    firstPanel = 0
    allPanels = (outputs + Self.panel - 1) / Self.panel
  }

  private init(_ matrix: PackedMatrix, outputs: Range<Int>) {
    (precision, inputs, storage, allPanels) = (matrix.precision, matrix.inputs, matrix.storage, matrix.allPanels)
    self.outputs = outputs.count
    firstPanel = matrix.firstPanel + outputs.lowerBound / Self.panel
  }

  /// Some rows of the matrix, which share its memory; nil where no panel begins and ends there.
  func slice(_ rows: Range<Int>) -> PackedMatrix? {
    let ends = rows.upperBound == outputs || rows.upperBound.isMultiple(of: Self.panel)
    return rows.lowerBound.isMultiple(of: Self.panel) && ends ? PackedMatrix(self, outputs: rows) : nil
  }

  /// Outputs of a panel, and inputs of a group.
  static let panel = Int(ARPG_PANEL), group = Int(ARPG_GROUP)

  /// The sizes of the matrix that weights of some shape are packed as: the first axis is the outputs, all others the inputs. Nil where
  /// there is none.
  package static func sizes(of shape: [Int]) -> (outputs: Int, inputs: Int)? {
    guard shape.count > 1, shape.allSatisfy({ 1...1 << 28 ~= $0 }) else { return nil }
    var inputs = 1
    for length in shape.dropFirst() {
      let (product, overflow) = inputs.multipliedReportingOverflow(by: length)
      guard !overflow, product <= mostInputs else { return nil }
      inputs = product
    }
    return (shape[0], inputs)
  }

  /// The bytes of the matrix.
  var byteCount: Int { Self.byteCount(outputs: outputs, inputs: inputs, as: precision) }

  /// The bytes of a matrix.
  package static func byteCount(outputs: Int, inputs: Int, as precision: WeightPrecision) -> Int {
    let panels = (outputs + panel - 1) / panel
    return panels * panelBytes(inputs, precision)
      + (precision == .int8 ? panels * panel * MemoryLayout<Float>.stride : 0)
  }

  /// The bytes of the weights of a panel.
  private static func panelBytes(_ inputs: Int, _ precision: WeightPrecision) -> Int {
    let groups = (inputs + group - 1) / group
    return switch precision {
    case .float32: panel * inputs * 4
    case .float16: panel * inputs * 2
    case .bfloat16: panel * ((inputs + 1) / 2) * 2 * 2
    case .int8: panel * groups * group
    case .int4: groups * Int(ARPG_INT4_GROUP_BYTES)
    }
  }

  /// The number of panels.
  var panels: Int { (outputs + Self.panel - 1) / Self.panel }
  /// The number of groups of inputs.
  var groups: Int { (inputs + Self.group - 1) / Self.group }

  /// Where the weights of a panel begin.
  func address(ofPanel index: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(storage.base) + (firstPanel + index) * Self.panelBytes(inputs, precision)
  }

  /// The scales of outputs, for `int8`.
  var scales: UnsafeMutablePointer<Float> {
    let all = UnsafeMutableRawPointer(storage.base) + allPanels * Self.panelBytes(inputs, precision)
    return all.assumingMemoryBound(to: Float.self) + firstPanel * Self.panel
  }

  /// The matrix with 32 bits a weight, `[outputs, inputs]`.
  public var tensor: Tensor {
    Tensor(shape: [outputs, inputs]) { target in
      guard let matrix = target.baseAddress else { return }
      let panels = address(ofPanel: 0)
      let halves = panels.assumingMemoryBound(to: UInt16.self), bytes = panels.assumingMemoryBound(to: UInt8.self)
      switch precision {
      case .float32: break
      case .float16: arpg_unpack_float16(halves, matrix, outputs, inputs)
      case .bfloat16: arpg_unpack_bfloat16(halves, matrix, outputs, inputs)
      case .int8: arpg_unpack_int8(bytes, scales, matrix, outputs, inputs)
      case .int4: arpg_unpack_int4(bytes, matrix, outputs, inputs)
      }
    }
  }
}
