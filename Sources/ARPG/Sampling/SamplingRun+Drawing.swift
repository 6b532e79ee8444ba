import ARPGTensor

extension SamplingRun {
  /// How a request is conditioned, guided and drawn from in a step.
  struct Moment: Sendable {
    let controls: StepControls
    /// The scale of guidance, and those of controls that have their own; nil where the step is not guided.
    let guidance: (scale: Float, apart: [Float])?
    let drawing: Drawing
  }

  /// How codes are drawn in a step.
  enum Drawing: Sendable {
    case inOrder(LogitFilter, any RandomSource)
    case byConfidence(ConfidenceRanking)
  }

  /// What a step decodes.
  struct Choice {
    /// For each image.
    let positions, codes: [[Int]]
    /// `[images, positions, vocab]`, after guidance and before the temperature; nil where nobody asks for it.
    let logits: Tensor?
  }

  /// How a request goes in the next step.
  func moment(_ member: Member) -> Moment {
    let request = member.request, settings = request.settings, rows = shape.guidance
    let begun = Double(done) / Double(total)
    let isGuided =
      rows.isGuided && settings.isGuided(fractionDone: begun) && settings.guidedTokens.map { done < $0 } ?? true
    let (conditions, scales) = rows.step(
      request.controls, controlGuidance: settings.controlGuidance, isGuided: isGuided
    ) { $0.isOn && $0.window.contains(begun) }
    let convention = type(of: decoder).guidance
    let known = convention.countsKnownCodes ? decoder.layout.tokens - total : 0
    let decoded = known + done + (convention.countsOwnStep ? stepSizes[nextStep] : 0)
    let scale = settings.guidanceScale(fractionDone: Double(decoded) / Double(known + total))
    return Moment(
      controls: StepControls(images: member.images, rows: conditions),
      guidance: isGuided ? (scale, scales) : nil,
      drawing: shape.isByConfidence
        ? .byConfidence(ConfidenceRanking(settings, request.random, step: nextStep, of: stepSizes.count))
        : .inOrder(LogitFilter(settings), request.random))
  }

  /// Draws a code for each image and position, after guidance, and keeps `size` of each image: all, or by confidence the surest.
  ///
  /// - Parameters:
  ///   - logits: `[rows * images, positions, vocab]`, which change.
  ///   - positions: those asked for, for each image.
  ///   - moments: of each request.
  func choose(_ size: Int, from logits: Tensor, at positions: [[Int]], _ moments: [Moment]) -> Choice {
    let images = positions.count, slots = positions[0].count, vocab = logits.shape[2], draws = images * slots
    let owners = members.indices.flatMap { owner in members[owner].images.map { _ in owner } }
    let numbers = members.flatMap(\.request.images)
    let observed = observeLogits.map { _ in Tensor(shape: [draws, vocab], repeating: 0) }
    let drawn = Parallel.map(draws) { [shape] draw -> ConfidenceRanking.Drawn in
      let (image, slot) = draw.quotientAndRemainder(dividingBy: slots), moment = moments[owners[image]]
      return logits.withUnsafeMutableValues { values in
        func row(_ copy: Int) -> UnsafeMutableBufferPointer<Float> {
          UnsafeMutableBufferPointer(rebasing: values[((copy * draws + draw) * vocab)...].prefix(vocab))
        }
        if let guidance = moment.guidance {
          shape.guidance.combine(
            (0..<shape.guidance.perSample).map(row), scale: guidance.scale, scales: guidance.apart)
        }
        let guided = row(0), position = positions[image][slot]
        observed?.withUnsafeMutableValues { _ = $0[(draw * vocab)...].update(fromContentsOf: guided) }
        switch moment.drawing {
        case .inOrder(let filter, let random):
          return (filter.draw(from: guided, uniform: random.uniform(image: numbers[image], position: position)), 0)
        case .byConfidence(let ranking):
          return ranking.draw(from: UnsafeBufferPointer(guided), at: position, image: numbers[image])
        }
      }
    }
    let kept = (0..<images).map { image in
      shape.isByConfidence
        ? ConfidenceRanking.surest(size, of: drawn[image * slots..<(image + 1) * slots]) : Array(0..<size)
    }
    let rows = kept.enumerated().flatMap { image, kept in kept.map { image * slots + $0 } }
    return Choice(
      positions: zip(positions, kept).map { positions, kept in kept.map { positions[$0] } },
      codes: kept.enumerated().map { image, kept in kept.map { drawn[image * slots + $0].code } },
      logits: observed.map { $0.selectingRows(rows).reshaped(images, size, vocab) })
  }
}
