import Foundation

/// An array in NumPy's file format, version 1, of unsigned integers in little-endian order.
public struct NumpyArray {
  /// The length of each axis.
  public let shape: [Int]
  /// The bytes of the values, row-major.
  public let bytes: [UInt8]

  /// Reads a fixture; throws where it is not such an array.
  public init(fixture name: String) throws {
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(name))))
    let headerLength = Int(data[8]) + Int(data[9]) << 8
    let header = String(decoding: data[10..<10 + headerLength], as: UTF8.self)
    guard let match = header.firstMatch(of: /'fortran_order': False, 'shape': \(([0-9, ]+)\)/) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    shape = match.1.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    bytes = Array(data[(10 + headerLength)...])
  }

  /// The values as 16-bit numbers.
  public var shorts: [UInt16] {
    stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
  }
}
