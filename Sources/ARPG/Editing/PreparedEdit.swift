/// An edit that is laid out for a model, with the controls of each window encoded.
public struct PreparedEdit: Sendable {
  let plan: EditPlan
  /// How much of each pixel is new; nil where nothing is.
  let weights: Plane?
  /// The codes of the whole grid as the image has them.
  let codes: [Int]
  /// The controls of each window; those of the image where nothing is decoded.
  let controls: [PreparedControls]
  /// What the user should know.
  public let notes: [String]

  /// The share of the codes that are kept, 0 to 1.
  public var keptShare: Double { plan.keptShare }
  /// The controls of the first window.
  public var prepared: PreparedControls { controls[0] }
}

extension Pipeline {
  /// Lays out an edit, encodes its image, and reads and encodes controls.
  ///
  /// - Parameters:
  ///   - edit: what is to change.
  ///   - specifications: the controls, whose images lie on the whole image of the edit, margins included.
  ///   - fit: how images are brought to the shape of the model's.
  ///   - seed: of the choice of codes that are kept.
  /// - Throws: ``EditError``, and as ``prepare(_:fit:)``.
  public func prepare(
    _ edit: Edit, _ specifications: [ControlSpecification] = [], fit: ImageFit = .crop, seed: UInt64 = 0
  ) throws -> PreparedEdit {
    let plan = try plan(edit, fit: fit)
    let controls =
      try plan.windows.isEmpty || plan.fitted.size == model.imageSize
      ? Array(repeating: prepare(specifications, fit: fit), count: max(1, plan.windows.count))
      : plan.windows.map { window in
        try prepare(specifications.map { $0.part(of: plan, window, fit: fit) }, fit: .stretch)
      }
    return try prepare(edit, plan, controls: controls, seed: seed)
  }

  /// Lays out an edit, and encodes its image, for controls that are encoded already.
  ///
  /// - Parameters:
  ///   - edit: what is to change, of an image that is decoded in one piece.
  ///   - controls: that lie on the image.
  ///   - fit: how the image is brought to the shape of the model's.
  ///   - seed: of the choice of codes that are kept.
  /// - Throws: ``EditError``.
  public func prepare(
    _ edit: Edit, controls: PreparedControls, fit: ImageFit = .crop, seed: UInt64 = 0
  ) throws -> PreparedEdit {
    let plan = try plan(edit, fit: fit)
    guard plan.fitted.size == model.imageSize else {
      throw EditError.impossible(
        reason: "controls that are encoded for one image cannot follow an image that is decoded in several pieces",
        remedy: "give the images of the controls")
    }
    return try prepare(edit, plan, controls: Array(repeating: controls, count: max(1, plan.windows.count)), seed: seed)
  }

  private func plan(_ edit: Edit, fit: ImageFit) throws(EditError) -> EditPlan {
    try EditPlan(edit, layout: model.layout, cell: model.imageSize.width / model.layout.columns, fit: fit)
  }

  private func prepare(
    _ edit: Edit, _ plan: EditPlan, controls: [PreparedControls], seed: UInt64
  ) throws -> PreparedEdit {
    let layout = model.layout
    var plan = plan
    let codes = try codes(of: edit, plan)
    if let keep = edit.keep {
      plan.keep(try keptCells(keep, of: plan, codes: codes, controls: controls[0].active, seed: seed))
    }
    if layout.order == .raster, let window = plan.windows.first(where: { !$0.isEnd(of: layout) }) {
      throw EditError.impossible(
        reason:
          "a decoder of \(type(of: model.decoder).architecture) decodes from the first code to the last, and here "
          + "\(layout.tokens - window.fresh.count) codes are kept among them",
        remedy: "mask the lower part of the image over its whole width, or continue it with margins below")
    }
    return PreparedEdit(
      plan: plan, weights: plan.windows.isEmpty ? nil : plan.weights(edit.paste), codes: codes, controls: controls,
      notes: plan.notes + controls[0].notes)
  }

  /// The codes of the whole grid as the image has them.
  private func codes(of edit: Edit, _ plan: EditPlan) throws -> [Int] {
    let count = plan.anew.count, vocab = model.layout.vocab, size = plan.fitted.size
    if let codes = edit.codes {
      guard codes.count == count, size == model.imageSize, plan.fitted.isSourceSize,
        codes.allSatisfy({ 0..<vocab ~= $0 })
      else {
        throw EditError.outOfRange(
          setting: "the codes of the image", found: "\(codes.count) codes up to \(codes.max() ?? 0)",
          expected: "\(model.layout.tokens) codes in 0..<\(vocab), of an image of \(model.imageSize.width) pixels")
      }
      return codes
    }
    guard !plan.windows.isEmpty, plan.keptShare > 0 || edit.keep != nil else {
      return Array(repeating: 0, count: count)
    }
    return try model.tokenizer.encode(plan.fitted.image.tensor.reshaped([1, 3, size.height, size.width])).codes[0]
  }

  /// Which of the cells that would be decoded anew are kept.
  private func keptCells(
    _ keep: KeptShare, of plan: EditPlan, codes: [Int], controls: [ActiveControl], seed: UInt64
  ) throws -> [Int] {
    let cells = plan.anew.indices.filter { plan.anew[$0] }
    let count = Int((keep.share * Double(cells.count)).rounded())
    let random = Philox(seed: seed)
    let ranks: [Float]
    switch keep.choice {
    case .random:
      ranks = cells.map { Float(random.uniform(at: SIMD4(UInt32($0), 0, 0, RandomPurpose.kept.number))) }
    case .edges:
      let strengths = plan.edgeStrengths
      ranks = cells.map { -strengths[$0] }
    case .certainty:
      guard plan.windows.count == 1, plan.fitted.size == model.imageSize else {
        throw EditError.impossible(
          reason: "codes are kept by certainty where the image is decoded in one piece, and this one takes several",
          remedy: "keep them at random or by edges")
      }
      let certainties = try model.certainties(of: codes, controls: controls, seed: seed)
      ranks = cells.map { -certainties[$0] }
    }
    return zip(ranks, cells).sorted { $0 < $1 }.prefix(count).map(\.1)
  }
}

extension ControlSpecification {
  /// The control as it lies in a window.
  fileprivate func part(of plan: EditPlan, _ window: EditPlan.Window, fit: ImageFit) -> ControlSpecification {
    var part = self
    if case .image(let image) = input { part.input = .image(plan.part(of: image, fit: fit, in: window)) }
    part.region = region.map { plan.part(of: $0, fit: fit, in: window) }
    return part
  }
}

extension EditPlan {
  /// What the user should know.
  package var notes: [String] {
    var notes = canvas.notes
    let (columns, rows) = fitted.visible, image = canvas.image
    let isMarked = canvas.anew.values.contains { $0 > 0 }
    if columns.count < image.width || rows.count < image.height {
      let isCut = canvas.anew.values.indices.contains { index in
        canvas.anew.values[index] > 0 && (!columns.contains(index % image.width) || !rows.contains(index / image.width))
      }
      if isCut {
        notes.append("some of what is to change lies beyond what the model sees of the image; fit=pad shows it all")
      }
    }
    if freshCount == 0 {
      notes.append(
        isMarked
          ? "nothing changes: the mask covers too little of every cell of \(cell) pixels; lower its threshold or grow it"
          : "nothing changes: no part of the image is to be decoded anew")
    } else {
      let per = Int((100 * keptShare).rounded())
      notes.append(
        "\(per) % of the codes are kept" + (windows.count > 1 ? ", \(windows.count) windows decode the rest" : ""))
    }
    return notes
  }

  /// How strong the edges of each cell are: the mean of the steps from pixel to pixel.
  fileprivate var edgeStrengths: [Float] {
    let grey = fitted.image.greyPlane, width = grey.width
    let steps = grey.values.indices.map { index in
      let right = index % width + 1 < width ? grey.values[index + 1] : grey.values[index]
      let below = index + width < grey.values.count ? grey.values[index + width] : grey.values[index]
      return abs(right - grey.values[index]) + abs(below - grey.values[index])
    }
    return Plane(width: width, height: grey.height, values: steps)
      .resized(to: ImageSize(width: columns, height: rows), filter: .box).values
  }
}

extension EditPlan.Window {
  /// Whether it decodes the last codes of a raster order.
  fileprivate func isEnd(of layout: DecoderLayout) -> Bool {
    fresh == Array(layout.tokens - fresh.count..<layout.tokens)
  }
}

extension PreparedEdit {
  /// The finished image of the codes of the whole grid.
  func image(of codes: [Int], by model: Model) throws -> Image {
    guard let weights else { return plan.canvas.image }
    return plan.finished(
      try model.tokenizer.image(of: codes, rows: plan.rows, columns: plan.columns), weights: weights)
  }
}
