/// How the weights of a matrix are kept.
public enum WeightPrecision: String, Sendable, Codable, CaseIterable {
  /// 32-bit floats, as they are trained.
  case float32 = "f32"
  /// The upper half of a 32-bit float: the same range, 8 bits of precision.
  case bfloat16 = "bf16"
  /// Half precision: 11 bits of precision, magnitudes up to 65504.
  case float16 = "f16"
  /// Whole numbers of -127 to 127 with a scale for each output.
  case int8
  /// Whole numbers of 0 to 15 with a scale and a minimum for each group of 32 inputs of an output: 5 bits a weight.
  case int4

  /// Bits of a weight, scales included where there are many.
  public var bits: Double {
    switch self {
    case .float32: 32
    case .bfloat16, .float16: 16
    case .int8: 8
    case .int4: 5
    }
  }

  /// The precision of a tokenizer beside a decoder of this one: its convolutions are computed with 32 bits from weights of 16.
  package var ofTokenizer: WeightPrecision { self == .float32 ? .float32 : .float16 }
}
