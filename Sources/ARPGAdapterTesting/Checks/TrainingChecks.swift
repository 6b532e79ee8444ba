import ARPG
import ARPGTensor

extension AdapterSubject {
  func checkAugmentation() throws {
    let adapter = try trainable()
    for (index, element) in try elements().enumerated() {
      let values = element.values, isImage = element.image != nil
      for number in 0..<24 {
        var one = PhiloxStream(Philox(seed: 4), name: SIMD3(UInt32(number), UInt32(index), RandomPurpose.kit.number))
        var two = one
        let changed = adapter.augment(element, using: &one)
        try require(
          changed.values.shape == values.shape,
          found: "the shape \(changed.values.shape) of a control of \(values.shape)",
          expected: "the same shape", "change values alone")
        try require(
          changed.values.values.allSatisfy { $0.isFinite && (!isImage || -1...1 ~= $0) },
          found: "values out of range", expected: isImage ? "-1 to 1" : "finite ones", "clamp them")
        let difference = adapter.augment(element, using: &two).difference(from: changed)
        try require(
          difference == nil, found: "\(difference ?? "") with the same stream", expected: "the same control",
          "draw all random numbers from the stream")
      }
    }
  }

  func checkStoredControl() throws {
    let adapter = try trainable()
    for (number, input) in try inputs().enumerated() {
      let elements = try preprocess(input)
      guard let given = elements.first, elements.count == 1 else { continue }
      let stored: PreparedControl
      switch adapter.storedKind {
      case .tensor, .file: throw NotApplicable("data holds images and texts alone")
      case .text: stored = try adapter.storedControl(input, in: context)
      case .image:
        guard let image = given.image else {
          return try require(
            false, found: "a control that cannot be shown", expected: "an image, which data stores",
            "give it as the image of PreparedControl")
        }
        stored = try adapter.storedControl(.image(image), in: context)
      }
      try require(
        stored.values.shape == given.values.shape,
        found: "the shapes \(stored.values.shape) of a stored control and \(given.values.shape) of input \(number)",
        expected: "the same", "let storedControl give what the preprocessor does")
      // A step of 8 bits is 2 / 255.
      let allowed: Float = adapter.storedKind == .image ? 2.01 / 255 : 0
      let largest = zip(stored.values.values, given.values.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
      try require(
        largest <= allowed, found: "a stored control that differs by \(largest) from input \(number)",
        expected: "at most \(allowed)", "take what is stored as preprocessed already")
    }
  }

  func checkControlOfImage() throws {
    let adapter = try trainable()
    let side = example.imageSize, encoder = try encoder()
    var controls = 0
    for number in 0..<2 {
      let image = TestImages.drawing(number, side: side), plane = image.greyPlane
      let maps = Dictionary(uniqueKeysWithValues: adapter.trainingMaps.map { ($0.name, plane) })
      for training in [TrainingImage(image: image), TrainingImage(image: image, maps: maps)] {
        // Some images tell it by their maps alone.
        guard let control = try adapter.control(of: training, in: context) else { continue }
        controls += 1
        let difference = try adapter.control(of: training, in: context).flatMap { control.difference(from: $0) }
        try require(
          difference == nil, found: "\(difference ?? "") for the same image", expected: "the same control",
          "draw no random numbers; that is for augment(_:using:)")
        guard let stored = control.image else {
          return try require(
            false, found: "a control without an image", expected: "one to store",
            "give it as the image of PreparedControl")
        }
        var again = try adapter.storedControl(.image(stored), in: context)
        again.trainingImages = control.trainingImages
        var random = PhiloxStream(Philox(seed: 4), name: SIMD3(UInt32(number), 0, RandomPurpose.kit.number))
        try requireFinite(
          encoder.encode([again, adapter.augment(again, using: &random)]), "the control of a training image")
      }
    }
    if controls == 0 { throw NotApplicable("an image does not tell its control: control(of:in:) gives none") }
  }
}
