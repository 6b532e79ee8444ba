import ARPGImages
import Testing

@Suite("Agreement of edges")
struct EdgeAgreementTests {
  @Test("Precision and recall of edges, exact and with a pixel of tolerance")
  func edges() {
    // A line of three wanted; found are one pixel of it, one beside it, and one two rows away.
    let wanted: [UInt8] = [
      0, 0, 0, 0,
      255, 255, 255, 0,
      0, 0, 0, 0,
      0, 0, 0, 0,
    ]
    let found: [UInt8] = [
      0, 0, 0, 0,
      255, 0, 0, 0,
      0, 0, 0, 255,
      0, 0, 0, 255,
    ]
    let exact = EdgeAgreement(found: found, wanted: wanted, width: 4)
    #expect(exact.precision == 1.0 / 3 && exact.recall == 1.0 / 3)
    #expect(abs(exact.f1 - 1.0 / 3) < 1e-12)
    let near = EdgeAgreement(found: found, wanted: wanted, width: 4, tolerance: 1)
    #expect(near.precision == 2.0 / 3 && near.recall == 1)
    #expect(abs(near.f1 - 0.8) < 1e-12)
  }

  @Test("Rows do not run on into each other")
  func ends() {
    // The last pixel of the first row and the first of the second follow each other in memory only.
    let wanted: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0], found: [UInt8] = [0, 0, 0, 0, 1, 0, 0, 0]
    #expect(EdgeAgreement(found: found, wanted: wanted, width: 4, tolerance: 1).f1 == 0)
    #expect(EdgeAgreement(found: found, wanted: wanted, width: 4, tolerance: 3).f1 == 1)
  }

  @Test("Images without edges agree; with edges on one side only they do not")
  func empty() {
    let none: [UInt8] = [0, 0, 0, 0], some: [UInt8] = [0, 255, 0, 0]
    #expect(EdgeAgreement(found: none, wanted: none, width: 2).f1 == 1)
    #expect(EdgeAgreement(found: some, wanted: none, width: 2).f1 == 0)
    #expect(EdgeAgreement(found: none, wanted: some, width: 2).f1 == 0)
  }

  @Test("The tolerance is 1/128 of the longer side, rounded, and at least a pixel")
  func tolerance() {
    #expect(EdgeAgreement.tolerance(width: 256, height: 256) == 2)
    #expect(EdgeAgreement.tolerance(width: 64, height: 384) == 3)
    #expect(EdgeAgreement.tolerance(width: 1, height: 1) == 1)
  }
}
