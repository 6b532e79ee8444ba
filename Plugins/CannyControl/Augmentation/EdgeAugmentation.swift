import ARPG
import ARPGTensor

/// Makes of edges and outlines what people draw, so that an encoder trained on the result takes sketches.
///
/// Each change has a probability of its own, 0...1. Lengths are those of an image of 128 pixels and grow with it.
public struct EdgeAugmentation: Sendable, Equatable {
  /// That outlines, where they are given, stand in for the edges.
  public var outlines: Double
  /// That edges which no outlines stand in for stay as they are.
  public var untouched: Double
  /// Which outlines are left out.
  public var selection: OutlineSelection
  /// That lines swing out widely: by up to 1.5 pixels at 4 knots a side.
  public var bend: Double
  /// That lines tremble: by up to 0.7 pixels at 11 knots a side.
  public var tremor: Double
  /// That lines are drawn twice.
  public var doubling: Double
  /// That lines are as thick as 1.5, 2.5 and 3.5 pixels; else they are thin and full.
  public var thickness: [Double]
  /// That lines break off here and there.
  public var gaps: Double
  /// That a rectangle is erased.
  public var erasure: Double
  /// That there is a stroke that means nothing.
  public var strayStrokes: Double
  /// That the pressure changes along the lines.
  public var pressure: Double
  /// That lines are a little soft, 0.4 pixels, and softer, 0.8 pixels.
  public var blur: [Double]
  /// That lines are stronger or weaker, by a factor of 0.6 to 1.8.
  public var gain: Double

  /// The probabilities of each change.
  public init(
    outlines: Double = 0.62, untouched: Double = 0.5, selection: OutlineSelection = OutlineSelection(),
    bend: Double = 0.7, tremor: Double = 0.6, doubling: Double = 0.125, thickness: [Double] = [0.35, 0.18, 0.07],
    gaps: Double = 0.4, erasure: Double = 0.25, strayStrokes: Double = 0.125, pressure: Double = 0.3,
    blur: [Double] = [0.25, 0.1], gain: Double = 0.4
  ) {
    self.outlines = outlines
    self.untouched = untouched
    self.selection = selection
    self.bend = bend
    self.tremor = tremor
    self.doubling = doubling
    self.thickness = thickness
    self.gaps = gaps
    self.erasure = erasure
    self.strayStrokes = strayStrokes
    self.pressure = pressure
    self.blur = blur
    self.gain = gain
  }

  /// No change at all.
  public static let none = EdgeAugmentation(
    outlines: 0, untouched: 1, selection: .all, bend: 0, tremor: 0, doubling: 0, thickness: [], gaps: 0, erasure: 0,
    strayStrokes: 0, pressure: 0, blur: [], gain: 0)

  /// Changes edges, 1 on a line and 0 elsewhere. The result, in 0...1, is a function of what is given and the stream.
  ///
  /// - Parameters:
  ///   - edges: those of an image, with its shadows and textures.
  ///   - outlines: those of the shapes alone, of the same size; see ``OutlineDetector``.
  ///   - random: the stream to draw from.
  public func applied(to edges: Plane, outlines: Outlines? = nil, using random: inout PhiloxStream) -> Plane {
    let isReplaced = random.chance(self.outlines), isUntouched = random.chance(untouched)
    guard isReplaced, let outlines else {
      return isUntouched ? edges : changed(edges, using: &random)
    }
    return changed(selection.drawn(outlines, using: &random), using: &random)
  }

  private func changed(_ lines: Plane, using random: inout PhiloxStream) -> Plane {
    var lines = LineDrawing(lines)
    let thickness = choice(self.thickness, using: &random)
    // At 256 pixels 3, 5 and 7 across.
    let diameters = [1, 3, 5, 7].map { max(1, Int((Float($0) * lines.unit / 2).rounded())) }
    // What is drawn thickly is thickened once before it is bent, so that it stays smooth.
    if thickness > 0 { lines.thicken(to: diameters[1]) }
    bendLines(&lines, using: &random)
    if thickness == 0 { lines.strengthen(by: self.thickness.isEmpty ? 1 : 1.7) }
    if thickness > 1 { lines.thicken(to: 1 + diameters[thickness] - diameters[1]) }
    if random.chance(gaps) { lines.breakUp(below: random.uniform(0.08, 0.3), using: &random) }
    if random.chance(erasure) { lines.erase(using: &random) }
    if random.chance(strayStrokes) { lines.scribble(using: &random) }
    if random.chance(pressure) { lines.changePressure(using: &random) }
    let softness = choice(blur, using: &random)
    if softness > 0 { lines.blur(sigma: 0.4 * Float(softness) * lines.unit) }
    if random.chance(gain) { lines.strengthen(by: random.uniform(0.6, 1.8)) }
    return lines.plane.map { max(0, min($0, 1)) }
  }

  private func bendLines(_ lines: inout LineDrawing, using random: inout PhiloxStream) {
    let straight = lines
    var fields: [(x: [Float], y: [Float])] = []
    if random.chance(bend) {
      fields.append(lines.displacements(amount: random.uniform(0, 1.5), knots: 4, using: &random))
    }
    if random.chance(tremor) {
      fields.append(lines.displacements(amount: random.uniform(0, 0.7), knots: 11, using: &random))
    }
    func bent(_ fields: [(x: [Float], y: [Float])]) -> LineDrawing {
      guard let first = fields.first else { return straight }
      let sum = fields.dropFirst().reduce(first) { sum, field in
        (zip(sum.x, field.x).map(+), zip(sum.y, field.y).map(+))
      }
      var lines = straight
      lines.bend(by: sum)
      return lines
    }
    lines = bent(fields)
    if random.chance(doubling) {
      lines.overlay(
        bent(fields + [lines.displacements(amount: random.uniform(0.3, 1.2), knots: 5, using: &random)]))
    }
  }

  /// Which of some things that exclude each other happens, from 1; 0 for none.
  private func choice(_ probabilities: [Double], using random: inout PhiloxStream) -> Int {
    var rest = random.uniform()
    for (index, probability) in probabilities.enumerated() {
      rest -= probability
      if rest < 0 { return index + 1 }
    }
    return 0
  }
}

/// Which of a scene's outlines people draw: always the silhouette, and of the inner lines as the probabilities say.
public struct OutlineSelection: Sendable, Equatable {
  /// That borders of parts are drawn.
  public var parts: Double
  /// That borders of markings are drawn.
  public var markings: Double
  /// That creases are drawn.
  public var creases: Double
  /// That nothing but the silhouette is drawn.
  public var silhouetteAlone: Double
  /// That thin parts are drawn as single strokes.
  public var singleStrokes: Double

  /// The probabilities of each.
  public init(
    parts: Double = 0.93, markings: Double = 0.86, creases: Double = 0.55, silhouetteAlone: Double = 0.08,
    singleStrokes: Double = 0.6
  ) {
    self.parts = parts
    self.markings = markings
    self.creases = creases
    self.silhouetteAlone = silhouetteAlone
    self.singleStrokes = singleStrokes
  }

  /// All outlines, thin parts by their borders.
  public static let all = OutlineSelection(parts: 1, markings: 1, creases: 1, silhouetteAlone: 0, singleStrokes: 0)

  func drawn(_ outlines: Outlines, using random: inout PhiloxStream) -> Plane {
    let isAlone = random.chance(silhouetteAlone)
    var kinds: Outlines.Kinds = .silhouette
    for (kind, probability) in [(Outlines.Kinds.part, parts), (.marking, markings), (.crease, creases)] {
      let isDrawn = random.chance(probability)
      if isDrawn, !isAlone { kinds.insert(kind) }
    }
    return outlines.drawn(kinds, singleStrokes: random.chance(singleStrokes))
  }
}
