import ARPGCheckpoints
import ARPGFiles
import ARPGTensor
import TestSupport
import Testing

struct HalfPrecisionTests {
  /// Every number of 16 bits as a float, by reading a file of all of them.
  private static func all(_ type: ScalarType) throws -> [Float] {
    let folder = try TemporaryFolder()
    // Only finite numbers can be read: those whose exponent is not all ones.
    let mask: UInt16 = type == .float16 ? 0x7c00 : 0x7f80
    let bits = (UInt16.min...UInt16.max).filter { $0 & mask != mask }
    let header =
      "{\"a\":{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(bits.count)],\"data_offsets\":[0,\(2 * bits.count)]}}"
    let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8
    let path = try folder.write(bytes + bits.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }, as: "a")
    return try Checkpoint.open(path).tensor(named: "a").values
  }

  /// Every 16-bit number, the middle between each and the next, and the floats beside the middle round as they should.
  @Test(arguments: [ScalarType.float16, .bfloat16])
  func everyNumberRoundsToTheNearest(type: ScalarType) throws {
    let round = type == .float16 ? HalfPrecision.float16 : HalfPrecision.bfloat16
    let positive = try Self.all(type).filter { $0.sign == .plus }
    for (index, value) in positive.enumerated() {
      #expect(round(value) == UInt16(index))
      #expect(round(-value) == UInt16(index) | 0x8000)
      guard index + 1 < positive.count else { break }
      let middle = Float((Double(value) + Double(positive[index + 1])) / 2)
      #expect(round(middle) == UInt16(index + index % 2))
      #expect(round(middle.nextDown) == UInt16(index))
      #expect(round(middle.nextUp) == UInt16(index + 1))
    }
  }

  @Test func whatIsNotFiniteStaysSo() {
    #expect(HalfPrecision.float16(.infinity) == 0x7c00)
    #expect(HalfPrecision.float16(-65520) == 0xfc00)
    #expect(HalfPrecision.float16(65519) == 0x7bff)
    #expect(HalfPrecision.float16(.nan) & 0x7fff > 0x7c00)
    #expect(HalfPrecision.bfloat16(.infinity) == 0x7f80)
    #expect(HalfPrecision.bfloat16(Float(bitPattern: 0x7f80_0001)) & 0x7fff > 0x7f80)
  }
}
