import ARPG
import ARPGServer
import Testing

/// What units of ControlNet mean among adapters that this package does not have.
@Suite struct ControlNetNameTests {
  private let adapters = [
    AdapterDescriptor(
      name: "relief", summary: "", input: .image, inputSummary: "",
      options: [
        .choice("input", "", ["auto", "photo"]), .number("low", "", range: 0...10, default: 1),
        .whole("count", "", range: 1...9, step: 2, default: 3), .number("high", "", range: 0...1, default: 1),
      ]),
    AdapterDescriptor(name: "relief-soft", summary: "", input: .image, inputSummary: ""),
    AdapterDescriptor(name: "segmentation", summary: "", input: .image, inputSummary: ""),
  ]

  @Test(
    "an adapter is found by its name within that of a model or a module, or by the beginning of its name",
    arguments: [
      ("relief", nil, "relief"), ("control_v11p_RELIEF [d14c016b]", "none", "relief"),
      ("None", "relief_midas", "relief"),
      ("control-relief-soft-fp16", "relief", "relief-soft"), ("", "seg_ofade20k", "segmentation"),
      ("t2i_pose", "relief", "relief"), (nil, nil, "relief"), ("None", "none", "relief"),
    ] as [(String?, String?, String)])
  func names(model: String?, module: String?, expected: String) throws {
    #expect(try ControlNetName.adapter(model: model, module: module, among: adapters).name == expected)
  }

  @Test("what is not there is an error that tells what is")
  func unknown() {
    for (model, module) in [("openpose", "none"), (nil, "se"), ("x", "y")] as [(String?, String?)] {
      let error = #expect(throws: (any Error).self) {
        try ControlNetName.adapter(model: model, module: module, among: adapters)
      }
      #expect("\(error as Any)".contains("relief-soft"))
    }
    #expect(throws: (any Error).self) { try ControlNetName.adapter(model: nil, module: nil, among: []) }
  }

  @Test(
    "thresholds set the first two options that are numbers, on their steps, where they are in range",
    arguments: [
      ([2.5, 4], ["low": "2.5", "count": "3"]), ([-1, -1], [:]), ([64, 64], [:]), ([nil, 9], ["count": "9"]),
      ([0], ["low": "0.0"]),
      ([.nan, .infinity], [:]), ([1e300, -1e300], [:]),
    ] as [([Double?], [String: String])])
  func thresholds(values: [Double?], expected: [String: String]) {
    #expect(ControlNetName.thresholds(of: adapters[0]).map(\.name) == ["low", "count"])
    #expect(ControlNetName.options(of: adapters[0], thresholds: values) == expected)
    #expect(ControlNetName.options(of: adapters[1], thresholds: values) == [:])
  }
}
