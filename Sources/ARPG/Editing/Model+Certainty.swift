import ARPGTensor
import Foundation

extension Model {
  /// How likely a decoder finds each code of an image, 0 to 1: the codes of one random half given the other half, and the other way
  /// round.
  ///
  /// - Parameters:
  ///   - codes: in raster order.
  ///   - controls: what the image is conditioned on; of several elements, the first.
  ///   - seed: of the halves.
  /// - Throws: ``SamplingError`` where a control does not fit the decoder, or the decoder knows one order only.
  func certainties(of codes: [Int], controls: [ActiveControl], seed: UInt64) throws -> [Float] {
    guard layout.order != .raster else {
      throw EditError.impossible(
        reason: "a decoder of \(type(of: decoder).architecture) decodes in one order only",
        remedy: "keep codes at random or by edges")
    }
    let controls = controls.map { $0.selecting([0]) }
    var request = SamplingRequest(controls: controls)
    request.settings.guidance = 1
    try request.validate(for: decoder)
    let prefix = request.prefix(for: decoder)
    let rows = GuidanceRows(request.settings, type(of: decoder).guidance, controls: [])
    let order = SeededRandomSource(seed: seed).order(tokens: layout.tokens), middle = order.count / 2
    let acting = [StepControls(images: 0..<1, rows: [controls.filter(\.isOn)])]
    var certainties = Array(repeating: Float(0), count: codes.count)
    for (known, asked) in [(order[..<middle], order[middle...]), (order[middle...], order[..<middle])] {
      let known = Array(known), asked = Array(asked)
      let state = decoder.makeState(prefix.start(images: 1, rows: rows))
      if !known.isEmpty { state.accept([known.map { codes[$0] }], at: .shared(known)) }
      let logits = state.logits(at: .shared(asked), conditions: StepConditions { acting.conditions(at: $0) })
      let vocab = layout.vocab
      logits.withValues { values in
        for (slot, position) in asked.enumerated() {
          let row = values[slot * vocab..<(slot + 1) * vocab]
          let largest = row.max() ?? 0
          let total = row.reduce(Float(0)) { $0 + exp($1 - largest) }
          certainties[position] = exp(values[slot * vocab + codes[position]] - largest) / total
        }
      }
    }
    return certainties
  }
}
