import ARPG
import ARPGDecoder
import ARPGTensor
import TestSupport
import Testing

@Suite("Grids that a decoder was not trained on")
struct ExtendedGridTests {
  private let decoder: TwoPassDecoder

  init() throws { decoder = try GoldenDecoder("arpg-tiny").load() }

  private var settings: SamplingSettings {
    var settings = SamplingSettings()
    settings.steps = 5
    settings.guidance = 2
    return settings
  }

  private func codes(_ decoder: any ImageDecoder, _ request: SamplingRequest) throws -> [[Int]] {
    try Sampler(decoder).sample(request)
  }

  private func request(_ images: [Int] = [0], coarse: CoarseGrid? = nil) throws -> SamplingRequest {
    var request = SamplingRequest(
      images: images, controls: [ActiveControl(try GoldenDecoder.classPrefix([1], of: decoder))], settings: settings)
    request.coarse = coarse
    return request
  }

  @Test("The rules of a decoder family hold", arguments: [(8, 8), (6, 3), (1, 5)])
  func contract(rows: Int, columns: Int) throws {
    let extended = decoder.extended(toRows: rows, columns: columns)
    #expect(
      extended.layout.rows == rows && extended.layout.columns == columns && extended.layout.dim == decoder.layout.dim)
    try expectDecoderContract(extended)
  }

  @Test("On the grid of training it predicts what it predicted, bit for bit")
  func ownGrid() throws {
    let same = decoder.extended(toRows: 8, columns: 3) as? TwoPassDecoder
    let back = try #require(same).extended(toRows: decoder.layout.rows, columns: decoder.layout.columns)
    #expect(back.layout == decoder.layout)
    #expect(try codes(back, request([0, 1])) == codes(decoder, request([0, 1])))
  }

  @Test("A grid is spread evenly, over twice the side on the even rows and columns")
  func spread() {
    let twice = CoarseGrid(decoder.layout, spreadOverRows: 8, columns: 8)
    #expect(twice.positions == (0..<16).map { $0 / 4 * 16 + $0 % 4 * 2 })
    for (rows, columns) in [(4, 4), (4, 5), (7, 6), (5, 8)] {
      let grid = CoarseGrid(decoder.layout, spreadOverRows: rows, columns: columns)
      #expect(Set(grid.positions).count == 16 && grid.positions.allSatisfy { 0..<rows * columns ~= $0 })
      #expect(grid.positions == grid.positions.sorted())
    }
  }

  @Test("Every position is decoded once, those of the smaller grid first", arguments: [true, false])
  func order(apart: Bool) throws {
    let large = decoder.extended(toRows: 7, columns: 6)
    let grid = CoarseGrid(decoder.layout, spreadOverRows: 7, columns: 6, decoder: apart ? decoder : nil)
    let run = try Sampler(large).start(request([4, 9], coarse: grid))
    var seen: [Int] = []
    while let step = run.next() { seen += step.positions[0] }
    #expect(seen.sorted() == Array(0..<42) && Set(seen.prefix(16)) == Set(grid.positions))
    #expect(run.stepSizes.reduce(0, +) == 42 && run.isDecoded.allSatisfy { $0.allSatisfy { $0 } })
    #expect(run.stepSizes.count == (apart ? 10 : 5))
  }

  @Test("An image of the smaller grid is that of its decoder alone, and its codes are known codes of the others")
  func apart() throws {
    let large = decoder.extended(toRows: 8, columns: 8)
    let grid = CoarseGrid(decoder.layout, spreadOverRows: 8, columns: 8, decoder: decoder)
    let whole = try codes(large, request([3], coarse: grid))[0]
    // The same random numbers, by position.
    struct Spread: RandomSource {
      let base = SeededRandomSource(seed: 0)
      let grid: CoarseGrid
      func order(tokens: Int) -> [Int] {
        let places = Dictionary(uniqueKeysWithValues: grid.positions.enumerated().map { ($1, $0) })
        return base.order(tokens: 64).compactMap { places[$0] }
      }
      func uniform(image: Int, position: Int) -> Double {
        base.uniform(image: image, position: grid.positions[position])
      }
      func confidence(image: Int, position: Int, step: Int) -> (code: Double, noise: Double) { (0, 0) }
    }
    var small = try request([3])
    small.random = Spread(grid: grid)
    let first = try codes(decoder, small)[0]
    #expect(grid.positions.map { whole[$0] } == first)
    var rest = try request([3])
    rest.known = KnownCodes(positions: grid.positions, codes: [first])
    #expect(try codes(large, rest)[0] == whole)
  }

  @Test("Requests that begin with a smaller grid are merged where it is the same one", arguments: [true, false])
  func merged(apart: Bool) throws {
    let large = decoder.extended(toRows: 5, columns: 8)
    let grid = CoarseGrid(decoder.layout, spreadOverRows: 5, columns: 8, decoder: apart ? decoder : nil)
    let source = MergedRequests(large, seed: 6)
    let requests = try (0..<8).map { index in
      var request = try source.request(index, order: index % 2 == 0 ? .random : .spiral)
      // An order that is not random knows no smaller grid.
      if index % 2 == 1, apart { request.settings.order = nil }
      request.coarse = grid
      return request
    }
    try expectMerged(requests, by: large)
    var plain = requests[0]
    plain.coarse = nil
    #expect(try (Sampler(large).shape(of: plain) == Sampler(large).shape(of: requests[0])) != apart)
    if apart {
      let error = #expect(throws: SamplingError.self) { try Sampler(large).start([requests[0], plain]) }
      #expect(error?.description.contains("steps of requests in one batch") == true)
    }
  }

  @Test("A batch is its images one by one, and known codes are kept", arguments: [true, false])
  func batch(apart: Bool) throws {
    let large = decoder.extended(toRows: 5, columns: 8)
    let grid = CoarseGrid(decoder.layout, spreadOverRows: 5, columns: 8, decoder: apart ? decoder : nil)
    let together = try codes(large, request([0, 5, 2], coarse: grid))
    #expect(Set(together).count == 3)
    for (slot, image) in [0, 5, 2].enumerated() {
      #expect(try codes(large, request([image], coarse: grid))[0] == together[slot])
    }
    var known = try request([0], coarse: grid)
    known.known = KnownCodes(positions: [1, 17, 39], codes: [[4, 2, 7]])
    let kept = try codes(large, known)[0]
    #expect(kept[1] == 4 && kept[17] == 2 && kept[39] == 7)
  }
}
