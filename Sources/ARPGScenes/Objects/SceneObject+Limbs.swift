import ARPGTensor

extension SceneObject {
  /// Adds a round limb from one point to another, with a radius at either end.
  mutating func addLimb(
    from start: SIMD3<Float>, to end: SIMD3<Float>, radii: (Float, Float), join: Primitive.Join = .union,
    colour: SIMD3<Float>, gloss: Float? = nil, part: PartChoice? = nil
  ) {
    let middle = (start + end) / 2, step = end - start
    let half = step.length / 2
    let shape: Shape
    if abs(radii.0 - radii.1) < 0.004 {
      shape = .capsule(radius: radii.0, half: half)
    } else {
      let rounding = min(radii.0, radii.1) * 0.9
      shape = .cone(
        bottom: max(radii.0 - rounding, 0.001), top: max(radii.1 - rounding, 0.001), half: half, rounding: rounding)
    }
    add(
      shape, at: middle.x, middle.y, middle.z, turned: .upTowards(step), join: join, colour: colour, gloss: gloss,
      part: part)
  }

  /// Adds a thin round limb of one radius.
  mutating func addRod(
    from start: SIMD3<Float>, to end: SIMD3<Float>, radius: Float, colour: SIMD3<Float>, gloss: Float? = nil,
    part: PartChoice? = nil
  ) {
    addLimb(from: start, to: end, radii: (radius, radius), colour: colour, gloss: gloss, part: part)
  }
}
