import ARPG

/// What tells the images of a contact sheet from each other, and what makes one of them again: its element of the controls'
/// lists, its number and the seed.
struct ImageLabels {
  /// The names of the elements; nil where there is one.
  private let elements: [String?]
  private let count, firstNumber: Int
  private let seed: UInt64

  /// Labels for `count` images of each element, numbered from `firstNumber`, 0 being the first.
  init(_ prepared: PreparedControls, _ controls: [ReadControl], count: Int, firstNumber: Int, seed: UInt64) {
    elements = (0..<prepared.batch).map { Self.name(ofElement: $0, prepared, controls) }
    self.count = count
    self.firstNumber = firstNumber
    self.seed = seed
  }

  /// The label of an image by its place among all, those of the first element first.
  subscript(_ index: Int) -> String {
    let number = count > 1 || firstNumber > 0 ? "number \(firstNumber + index % count + 1), " : ""
    return [elements[index / count], "\(number)seed \(seed)"].compactMap { $0 }.joined(separator: "\n")
  }

  /// How the texts of the controls' lists call an element: as the adapter read it, or else by its place; nil where all images
  /// are of the same.
  private static func name(
    ofElement element: Int, _ prepared: PreparedControls, _ controls: [ReadControl]
  ) -> String? {
    guard prepared.batch > 1 else { return nil }
    let names = zip(controls, prepared.inputs).compactMap { control, input -> String? in
      guard case .text = control.specification.input, input.controls.count > 1 else { return nil }
      return input.controls[element].note
    }
    return names.isEmpty ? "element \(element + 1)" : names.joined(separator: ", ")
  }
}
