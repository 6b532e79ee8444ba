/// The type of a stored tensor's values; the raw value is its name in safetensors.
public enum ScalarType: String, Sendable, CaseIterable {
  /// 64-bit floats.
  case float64 = "F64"
  /// 32-bit floats.
  case float32 = "F32"
  /// Half precision.
  case float16 = "F16"
  /// The upper half of 32-bit floats.
  case bfloat16 = "BF16"
  /// 8-bit floats with 4 bits of exponent, finite.
  case float8e4m3 = "F8_E4M3"
  /// 8-bit floats with 5 bits of exponent.
  case float8e5m2 = "F8_E5M2"
  /// Signed 64-bit integers.
  case int64 = "I64"
  /// Signed 32-bit integers.
  case int32 = "I32"
  /// Signed 16-bit integers.
  case int16 = "I16"
  /// Signed bytes.
  case int8 = "I8"
  /// Unsigned 64-bit integers.
  case uint64 = "U64"
  /// Unsigned 32-bit integers.
  case uint32 = "U32"
  /// Unsigned 16-bit integers.
  case uint16 = "U16"
  /// Bytes.
  case uint8 = "U8"
  /// Bytes that are 0 or 1.
  case bool = "BOOL"

  /// The size of a value in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float8e4m3, .float8e5m2, .int8, .uint8, .bool: 1
    }
  }

  /// Whether the values are floats.
  public var isFloat: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16, .float8e4m3, .float8e5m2: true
    case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: false
    }
  }
}
