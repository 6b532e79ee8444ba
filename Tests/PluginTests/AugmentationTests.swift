import ARPG
import ARPGControl
import ARPGTensor
import CannyControl
import DepthControl
import Testing

@Suite("Controls are changed in training")
struct AdapterAugmentationTests {
  @Test("An adapter's augmentation keeps the layout and range, follows its stream, and changes something")
  func augment() {
    let plane = Plane(width: 64, height: 64, values: (0..<4096).map { $0 % 64 == 20 || $0 / 64 == 40 ? 1 : 0.1 })
    let control = PreparedControl(controlImage: plane)
    let adapters: [any TrainableAdapter] = [CannyControl(), DepthControl()]
    for adapter in adapters {
      var changed = 0
      for number in 0..<40 {
        var one = PhiloxStream(Philox(seed: 4), name: SIMD3(UInt32(number), 0, 99)), two = one
        let result = adapter.augment(control, using: &one)
        #expect(result.values.shape == [3, 64, 64] && result.values.values.allSatisfy { (-1...1).contains($0) })
        #expect(adapter.augment(control, using: &two).values.values == result.values.values)
        if result.values.values != control.values.values { changed += 1 }
      }
      #expect(changed > 12, "\(adapter.descriptor.name)")
    }
  }
}
