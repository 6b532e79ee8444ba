import ARPG
import ARPGImageFiles
import CannyControl
import Foundation
import TestSupport
import Testing

struct CannyTests {
  struct Photograph: Decodable {
    let image: String
    let low: Double
    let high: Double
    let edges: String
  }

  struct Small: Decodable {
    let width: Int
    let height: Int
    let channels: Int
    let low: Double
    let high: Double
    let pixels: Data
    let edges: Data
  }

  private static func decoded<Value: Decodable>(_ name: String) throws -> [Value] {
    try JSONDecoder().decode([Value].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path(name))))
  }

  @Test func photographsHaveTheEdgesOfTheReference() throws {
    let cases: [Photograph] = try Self.decoded("images/canny.json")
    #expect(cases.count == 12)
    for row in cases {
      let image = try ImageFile.read(Fixtures.path("images/\(row.image)"))
      let expected = try ImageFile.read(Fixtures.path("images/\(row.edges)"))
      let edges = CannyEdgeDetector(low: row.low, high: row.high).edges(of: image)
      let different = zip(edges, expected.greyValues).count { $0 != $1 }
      #expect(different == 0, "\(row.image) with \(row.low) and \(row.high): \(different) pixels differ")
    }
  }

  @Test func tinyImagesHaveTheEdgesOfTheReference() throws {
    let cases: [Small] = try Self.decoded("images/canny-small.json")
    #expect(cases.count > 100)
    for row in cases {
      let detector = CannyEdgeDetector(low: row.low, high: row.high)
      let edges =
        row.channels == 1
        ? detector.edges(ofGrey: Array(row.pixels), width: row.width)
        : detector.edges(of: Image(width: row.width, height: row.height, pixels: Array(row.pixels)))
      #expect(
        edges == Array(row.edges), "\(row.width) x \(row.height), \(row.channels) channels, \(row.low), \(row.high)")
    }
  }

  @Test func greyStoredAsColourHasTheSameEdges() throws {
    let image = try ImageFile.read(Fixtures.path("images/cat.grey.png"))
    let detector = CannyEdgeDetector()
    #expect(detector.edges(of: image) == detector.edges(ofGrey: image.greyValues, width: image.width))
  }

  @Test func thresholdsAreOrderedAndWhole() {
    #expect(CannyEdgeDetector(low: 200.9, high: 100.5) == CannyEdgeDetector(low: 100, high: 200))
    let extreme = CannyEdgeDetector(low: -.infinity, high: .infinity)
    #expect(extreme.edges(ofGrey: [0, 255, 0, 255], width: 2) == [0, 0, 0, 0])
  }
}
