import ARPG
import ARPGDecoder
import ARPGTensor
import Foundation
import TestSupport
import Testing

@Suite("Orders of decoding")
struct DecodingOrderTests {
  private let golden: GoldenDecoder
  private let decoder: TwoPassDecoder

  init() throws {
    golden = try GoldenDecoder("arpg-odd")
    decoder = try golden.load()
  }

  private var tokens: Int { golden.configuration.tokens }

  private func request(
    _ order: DecodingOrder?, images: [Int] = [0], controls: [ActiveControl] = [], seed: UInt64 = 3, steps: Int = 9
  ) -> SamplingRequest {
    var settings = SamplingSettings()
    (settings.steps, settings.guidance, settings.order) = (steps, 2, order)
    return SamplingRequest(
      images: images, controls: controls, settings: settings, random: SeededRandomSource(seed: seed))
  }

  private func outcome(_ request: SamplingRequest) throws -> (logits: [[Float]], run: SamplingRun) {
    let run = try Sampler(decoder).start(request)
    var logits: [[Float]] = [], seen = request.images.map { _ in request.known?.positions.sorted() ?? [] }
    run.observeLogits = { logits.append($1.values) }
    while let step = run.next() {
      for (image, positions) in step.positions.enumerated() { seen[image] += positions }
      #expect(seen.allSatisfy { $0.count == step.done + (request.known?.positions.count ?? 0) })
    }
    for (image, positions) in seen.enumerated() {
      #expect(positions.sorted() == Array(0..<tokens) && run.orders[image].sorted() == Array(0..<tokens))
      #expect(run.isDecoded[image].allSatisfy { $0 })
    }
    return (logits, run)
  }

  private func positions(_ order: DecodingOrder, _ rows: Int, _ columns: Int, seed: UInt64 = 1, detail: [Float] = [])
    -> [Int]
  {
    let random = SeededRandomSource(seed: seed).order(tokens: rows * columns)
    return order.positions(rows: rows, columns: columns, random: random, detail: detail)
  }

  /// The spiral, walked: each cell of the grid when the walk comes by.
  private func walk(_ rows: Int, _ columns: Int) -> [Int] {
    var (y, x) = ((rows - 1) / 2, (columns - 1) / 2)
    var found = [y * columns + x], length = 1, (dy, dx) = (0, 1)
    while found.count < rows * columns {
      for _ in 0..<2 {
        for _ in 0..<length {
          (y, x) = (y + dy, x + dx)
          if 0..<rows ~= y, 0..<columns ~= x { found.append(y * columns + x) }
        }
        (dy, dx) = (dx, -dy)
      }
      length += 1
    }
    return found
  }

  @Test(
    "Every order of every grid up to 9 x 9 has each position once; the spiral is that of a walk, the centre's goes outwards"
  )
  func exhaustive() {
    for rows in 1...9 {
      for columns in 1...9 {
        let all = Array(0..<rows * columns)
        #expect(positions(.raster, rows, columns) == all)
        #expect(positions(.spiral, rows, columns) == walk(rows, columns), "\(rows) x \(columns)")
        let centre = positions(.center, rows, columns)
        #expect(centre.sorted() == all)
        let distances = centre.map { position in
          let y = Double(position / columns) - Double(rows - 1) / 2,
            x = Double(position % columns) - Double(columns - 1) / 2
          return y * y + x * x
        }
        #expect(distances == distances.sorted())
        let detail = all.map { Float($0 * 7 % 5) }, edges = positions(.edges, rows, columns, detail: detail)
        #expect(edges.sorted() == all && edges.map { detail[$0] } == detail.sorted(by: >))
      }
    }
    #expect(positions(.spiral, 3, 3) == [4, 5, 8, 7, 6, 3, 0, 1, 2])
    #expect(positions(.spiral, 2, 3) == [1, 2, 5, 4, 3, 0])
  }

  @Test("Positions that are as near, or say as much, stand in the random order")
  func ties() {
    let random = SeededRandomSource(seed: 1).order(tokens: 16), corners = [0, 3, 12, 15]
    #expect(Array(positions(.center, 4, 4).suffix(4)) == random.filter(corners.contains))
    #expect(positions(.center, 4, 4) != positions(.center, 4, 4, seed: 2))
    #expect(positions(.edges, 4, 4, detail: Array(repeating: 0, count: 16)) == random)
    let detail = (0..<16).map { Float($0 == 9 ? 1 : 0) }
    #expect(positions(.edges, 4, 4, detail: detail) == [9] + random.filter { $0 != 9 })
  }

  @Test("The random order is the default, and given positions that are its own change nothing, bit for bit")
  func defaults() throws {
    let random = SeededRandomSource(seed: 3).order(tokens: tokens)
    let plain = try outcome(request(nil, images: [0, 1]))
    #expect(plain.run.orders == [random, random])
    for order in [DecodingOrder.random, .given(random)] {
      let found = try outcome(request(order, images: [0, 1]))
      #expect(found.logits == plain.logits && found.run.codes == plain.run.codes)
    }
    for order in [DecodingOrder.raster, .spiral, .center] {
      let found = try outcome(request(order))
      let side = golden.configuration.grid
      #expect(found.run.orders == [positions(order, side, side, seed: 3)] && found.run.codes[0] != plain.run.codes[0])
    }
  }

  @Test(
    "An order by edges goes by what controls that act tell, each image of a batch by its own; without any it is refused"
  )
  func edges() throws {
    let shape = [1, tokens, golden.configuration.dim]
    func control(_ detail: [[Float]]?, strength: Float = 1, region: [Float]? = nil) -> ActiveControl {
      ActiveControl(
        Condition(tokens: [0: Tensor(shape: shape, repeating: 0.1)]), strength: strength, region: region, detail: detail
      )
    }
    let rows = (0..<2).map { image in (0..<tokens).map { Float(($0 * (5 + 2 * image) + 3) % tokens) } }
    let random = SeededRandomSource(seed: 3).order(tokens: tokens)
    func order(_ detail: [Float]) -> [Int] { random.sorted { detail[$0] > detail[$1] } }
    let batch = try outcome(request(.edges, images: [0, 1], controls: [control(rows)]))
    #expect(batch.run.orders == rows.map(order))
    for image in 0..<2 {
      let alone = try outcome(request(.edges, images: [image], controls: [control([rows[image]])]))
      #expect(alone.run.codes[0] == batch.run.codes[image] && alone.run.orders[0] == batch.run.orders[image])
    }
    // The scale of what one control tells does not matter; its region does.
    let scaled = try outcome(request(.edges, controls: [control([rows[0].map { $0 / 1000 }])]))
    #expect(scaled.run.orders == [order(rows[0])])
    var region = Array(repeating: Float(1), count: tokens)
    region[order(rows[0])[0]] = 0
    let masked = try outcome(request(.edges, controls: [control([rows[0]], region: region)]))
    #expect(masked.run.orders[0] != order(rows[0]) && masked.run.orders[0][0] == order(rows[0])[1])

    for controls in [[], [control(nil)], [control([rows[0]], strength: 0)]] {
      let error = #expect(throws: SamplingError.self) {
        try Sampler(decoder).start(request(.edges, controls: controls))
      }
      #expect(error?.description.contains("order by edges: found no control that tells") == true)
    }
    #expect(throws: SamplingError.self) { try Sampler(decoder).start(request(.edges, controls: [control([[1, 2]])])) }
  }

  @Test("An image tells most where it changes most; a map of the adapter's own counts more")
  func detail() {
    var pixels = Array(repeating: UInt8(0), count: 32 * 32 * 3)
    for y in 0..<8 { for x in 16..<24 where (x + y) % 2 == 0 { pixels[(y * 32 + x) * 3] = 255 } }
    let image = Image(width: 32, height: 32, pixels: pixels), values = Tensor(shape: [1], values: [0])
    let found = PreparedControl(values: values, image: image).detail(rows: 4, columns: 4)
    #expect(found?.indices.max { found?[$0] ?? 0 < found?[$1] ?? 0 } == 2 && found?[12] == 0)
    let map = Plane(width: 2, height: 2, values: [0, .nan, -3, 4])
    #expect(PreparedControl(values: values, image: image, detail: map).detail(rows: 2, columns: 2) == [0, 0, 0, 4])
    #expect(PreparedControl(values: values).detail(rows: 4, columns: 4) == nil)
  }

  @Test(
    "By confidence: each position once, the same seed the same image, a batch is its images one by one",
    .serialized, arguments: [1, 2])
  func confidence(threads: Int) throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    let label = ActiveControl(try GoldenDecoder.classPrefix([2, 1, 3], of: decoder))
    let whole = try outcome(request(.confidence, images: [0, 1, 2], controls: [label]))
    #expect(whole.run.orders[0] != whole.run.orders[1])
    #expect(try outcome(request(.confidence, images: [0, 1, 2], controls: [label])).logits == whole.logits)
    #expect(try outcome(request(.confidence, images: [0, 1, 2], controls: [label], seed: 4)).logits != whole.logits)
    for image in 0..<3 {
      let single = ActiveControl(try GoldenDecoder.classPrefix([[2, 1, 3][image]], of: decoder))
      let alone = try outcome(request(.confidence, images: [image], controls: [single]))
      #expect(alone.run.codes[0] == whole.run.codes[image] && alone.run.orders[0] == whole.run.orders[image])
      for (a, b) in zip(alone.logits, whole.logits) {
        #expect(a == Array(b[image * a.count..<(image + 1) * a.count]))
      }
    }
  }

  @Test("By confidence without noise, greedily: the positions kept are those whose largest probability is the largest")
  func surest() throws {
    var request = request(.confidence)
    (request.settings.topK, request.settings.confidenceNoise, request.settings.guidance) = (1, 0, 1)
    let run = try Sampler(decoder).start(request)
    let random = request.random.order(tokens: tokens)
    let state = decoder.makeState(DecodingStart(prefix: decoder.nullPrefix, images: 1))
    while let step = run.next() {
      let kept = step.positions[0], decoded = run.isDecoded[0]
      // The equally sure stand in the random order: at the first step all are, since the class is seen alike from everywhere.
      let asked = random.filter { !decoded[$0] || kept.contains($0) }
      let logits = state.logits(at: .shared(asked), conditions: .none), vocab = logits.shape[2]
      let best = asked.indices.map { slot in
        let row = logits.values[slot * vocab..<(slot + 1) * vocab].map(Double.init), largest = row.max() ?? 0
        let code = row.firstIndex(of: largest) ?? 0
        return (position: asked[slot], code: code, share: 1 / row.reduce(0) { $0 + exp($1 - largest) })
      }.sorted { $0.share > $1.share }
      #expect(best.prefix(kept.count).map(\.position) == kept)
      #expect(best.prefix(kept.count).map(\.code) == kept.map { run.codes[0][$0] })
      state.accept([kept.map { run.codes[0][$0] }], at: .shared(kept))
    }
  }

  @Test("Known codes are kept in every order, and the others decoded once")
  func known() throws {
    let positions = [1, 4, 7, 11], codes = [[0, 1, 2, 3], [4, 5, 0, 1]]
    for order in [DecodingOrder.random, .raster, .spiral, .center, .confidence] {
      var request = request(order, images: [0, 1])
      request.known = KnownCodes(positions: positions, codes: codes)
      let run = try outcome(request).run
      for image in 0..<2 { #expect(positions.map { run.codes[image][$0] } == codes[image]) }
      if order == .confidence { #expect(run.orders.allSatisfy { $0.prefix(4).sorted() == positions }) }
    }
  }

  @Test("Orders are read as they were written; positions that are not each one once are refused")
  func codable() throws {
    let orders = DecodingOrder.names.compactMap(DecodingOrder.init(named:)) + [.given([2, 0, 1])]
    #expect(orders.count == 7)
    for order in orders {
      var settings = SamplingSettings()
      (settings.order, settings.confidenceNoise) = (order, 2)
      let text = try JSONEncoder().encode(settings)
      #expect(try JSONDecoder().decode(SamplingSettings.self, from: text) == settings)
    }
    for text in [#"{"order": "zigzag"}"#, #"{"order": 3}"#, #"{"order": [0.5]}"#, #"{"order": {}}"#] {
      #expect(throws: (any Error).self) { try JSONDecoder().decode(SamplingSettings.self, from: Data(text.utf8)) }
    }
    let all = Array(0..<tokens)
    for positions in [
      [], Array(all.dropLast()), all + [0], [1] + all.dropFirst(), [-1] + all.dropFirst(), [Int.max] + all.dropFirst(),
    ] {
      let error = #expect(throws: SamplingError.self) { try Sampler(decoder).start(request(.given(positions))) }
      #expect(error?.description.hasPrefix("order: found ") == true)
    }
    var noisy = request(.confidence)
    for noise in [Float(-1), 1001, .nan] {
      noisy.settings.confidenceNoise = noise
      #expect(throws: SamplingError.self) { try Sampler(decoder).start(noisy) }
    }
  }

  @Test("Positions are read from files of the grid's shape; others are refused by their name")
  func files() throws {
    let place = try TemporaryFolder(), layout = decoder.layout
    let all = Array((0..<tokens).reversed())
    for shape in [[tokens], [layout.rows, layout.columns]] {
      try NPYFile(shape: shape, values: all).write(to: place.file("order.npy"))
      #expect(try DecodingOrder(contentsOf: place.file("order.npy"), for: layout) == .given(all))
    }
    let wrong: [(shape: [Int], values: [Int])] = [
      ([1, tokens], all), ([tokens - 1], Array(all.dropLast())), ([0], []), ([tokens], [0] + all.dropFirst()),
      ([tokens], [-5] + all.dropFirst()), ([tokens, 1], all), ([1 << 17], Array(0..<1 << 17)),
    ]
    for (shape, values) in wrong {
      try NPYFile(shape: shape, values: values).write(to: place.file("wrong.npy"))
      let error = #expect(throws: (any Error).self) {
        try DecodingOrder(contentsOf: place.file("wrong.npy"), for: layout)
      }
      #expect(error.map { "\($0)".contains("wrong.npy") && !"\($0)".contains("\n") } == true, "\(shape)")
    }
  }
}
