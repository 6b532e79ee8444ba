import ARPGTensor

extension SceneObject {
  /// A donut with icing and sprinkles, lying or upright.
  mutating func buildDonut(_ random: inout PhiloxStream) {
    let ring = random.uniform(0.42, 0.52), tube = random.uniform(0.18, 0.24), tilt = random.uniform(-0.15, 0.15)
    let isUpright = random.chance(0.35)
    let turn = Rotation.aboutX(isUpright ? .pi / 2 : tilt)
    let middle = isUpright ? ring + tube : tube + 0.03
    add(.torus(ring: ring, tube: tube), middle, turned: turn, colour: SIMD3(0.82, 0.6, 0.35), gloss: 0.05)
    let icing = turn.applied(to: SIMD3(0, 0.035, 0))
    add(
      .torus(ring: ring, tube: tube * 0.985), at: icing.x, middle + icing.y, icing.z, turned: turn, colour: main,
      gloss: 0.35)
    for index in 0..<10 {
      let (sine, cosine) = sineAndCosine(0.63 * Float(index) + random.uniform(0, 0.4))
      let away = random.uniform(-0.09, 0.09)
      let share = away / tube
      let height = tube * 0.95 * max(0, 1 - share * share).squareRoot() + 0.03
      let place = turn.applied(to: SIMD3((ring + away) * cosine, height, (ring + away) * sine))
      let colour = random.pick(Palette.sprinkles)
      add(
        .capsule(radius: 0.02, half: 0.035), at: place.x, middle + place.y, place.z,
        turned: turn.after(.aboutY(random.uniform(0, 3))).after(.aboutZ(.pi / 2)), colour: colour)
    }
  }

  /// A ball: plain, striped, or with a band.
  mutating func buildBall(_ random: inout PhiloxStream) {
    let radius = random.uniform(0.45, 0.6)
    let turn = Rotation.aboutX(random.uniform(-0.8, 0.8)).after(.aboutZ(random.uniform(-0.8, 0.8)))
    let pattern = random.integer(in: 0..<3)
    add(
      .sphere(radius: radius), radius, turned: turn, colour: main, gloss: 0.4, stripes: pattern == 1 ? 2 / radius : 0)
    if pattern == 2 {
      let half = random.uniform(0.1, 0.22) * radius
      let across = (radius * radius - half * half).squareRoot() + 0.004
      add(.cylinder(radius: across, half: half), radius, turned: turn, colour: accent, gloss: 0.3)
    }
  }
}
