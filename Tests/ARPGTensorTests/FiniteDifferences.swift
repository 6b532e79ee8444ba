import ARPGTensor
import Testing

/// A tensor of repeatable random values in -1 ... 1.
func randomTensor(_ shape: Int..., seed: UInt64) -> Tensor {
  let generator = Philox(seed: seed)
  return Tensor(
    shape: shape,
    values: (0..<shape.reduce(1, *)).map { Float(generator.uniform(at: SIMD4(UInt32($0), 0, 0, 0)) * 2 - 1) })
}

/// Compares the gradients of a function of tensors with central differences.
///
/// The function's output is reduced to one value by a fixed random weighting, summed in double precision.
func expectGradientsMatch(
  _ inputs: [Tensor], tolerance: Double = 2e-2, step: Float = 1e-2,
  sourceLocation: SourceLocation = #_sourceLocation, _ function: ([Tensor]) -> Tensor
) {
  let output = function(inputs)
  let weights = randomTensor(output.count, seed: 99).values
  func reduced(_ tensors: [Tensor]) -> Double {
    zip(function(tensors).values, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  let leaves = inputs.map { $0.tracked() }
  let row = function(leaves).reshaped(1, output.count)
  let scalar = row.linear(Tensor(shape: [1, output.count], values: weights)).reshaped([])
  let gradients = gradients(of: scalar, withRespectTo: leaves)
  for (index, input) in inputs.enumerated() {
    let scale = Double(gradients[index].values.map(abs).max() ?? 0) + 1e-3
    for element in 0..<input.count {
      var values = input.values
      func moved(_ by: Float) -> Double {
        values[element] = input.values[element] + by
        var tensors = inputs
        tensors[index] = Tensor(shape: input.shape, values: values)
        return reduced(tensors)
      }
      let expected = (moved(step) - moved(-step)) / Double(2 * step)
      let found = Double(gradients[index].values[element])
      #expect(
        abs(expected - found) < tolerance * scale, "input \(index), element \(element): \(found), not \(expected)",
        sourceLocation: sourceLocation)
    }
  }
}
