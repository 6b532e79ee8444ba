import ARPG
import ARPGTensor
import Foundation

public struct Checkpoint: ParameterSource {
  public var names: [String] { Array(entries.keys) }
  public let sourceName: String
  let data: Data
  let entries: [String: (dtype: String, shape: [Int], range: Range<Int>)]
  public static func open(_ path: String) throws -> Checkpoint {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let n = data.withUnsafeBytes { Int($0.load(as: UInt64.self)) }
    let json = try JSONSerialization.jsonObject(with: data[8..<8 + n]) as! [String: Any]
    var entries: [String: (dtype: String, shape: [Int], range: Range<Int>)] = [:]
    for (k, v) in json where k != "__metadata__" {
      let v = v as! [String: Any]
      let o = v["data_offsets"] as! [Int]
      entries[k] = (v["dtype"] as! String, v["shape"] as! [Int], 8 + n + o[0]..<8 + n + o[1])
    }
    return Checkpoint(sourceName: path, data: data, entries: entries)
  }
  public func shape(of name: String) -> [Int]? { entries[name]?.shape }
  public func tensor(named name: String) throws -> Tensor {
    let e = entries[name]!
    let d = Data(data[e.range])
    return Tensor(shape: e.shape, values: d.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
  }
  public func integers(named name: String) throws -> [Int] {
    let e = entries[name]!
    let d = Data(data[e.range])
    if e.dtype == "U8" { return d.map(Int.init) }
    return d.withUnsafeBytes { $0.bindMemory(to: Int64.self).map(Int.init) }
  }
}
