import ARPG
import ARPGAdapterTesting
import ARPGDecoder
import ARPGTensor
import Testing

@Suite("Faults of an adapter")
struct FaultTests {
  @Test("Each is found by the check of the rule that it breaks, with a remedy in one line", arguments: Fault.allCases)
  func found(fault: Fault) async throws {
    // The decoder's output weights lie in memory that the adapter can change.
    let sizes = TwoPassConfiguration(dim: 32, layers: 6, heads: 2, hidden: 64, vocab: 24, classes: 4, tokens: 16)
    var parameters = TwoPassDecoder.initialParameters(sizes, seed: 4)
    let name = "head.weight", head = try #require(parameters[name]), memory = SharedFloats(head.values.map { $0 + 0.1 })
    parameters[name] = memory.tensor(head.shape)
    let example = AdapterExample(decoder: TwoPassDecoder(sizes, ParameterReader(tensors: parameters)))
    let adapter = FaultyControl(fault, memory: memory)
    let error = await #expect(throws: AdapterRuleError.self) { try await fault.rule.check(adapter, with: example) }
    guard case .broken(let rule, _, let found, let expected, let remedy) = error else {
      Issue.record("\(fault): \(error.map { "\($0)" } ?? "nothing")")
      return
    }
    #expect(rule == fault.rule && !found.isEmpty && !expected.isEmpty && !remedy.isEmpty)
    #expect(error?.description.contains(where: \.isNewline) == false)
  }

  @Test("There is one for every rule")
  func all() { #expect(Set(Fault.allCases.map(\.rule)) == Set(AdapterRule.allCases)) }

  @Test("None is found where there is none", arguments: AdapterRule.allCases)
  func none(rule: AdapterRule) async throws { try await rule.check(FaultyControl(nil)) }

  @Test("An adapter with ill-formed scores is not registered")
  func registration() {
    var registry = AdapterRegistry()
    let error = #expect(throws: RegistryError.self) { try registry.register(FaultyControl(.illFormedScore)) }
    #expect(error?.description.contains("its score 'F1'") == true && registry.adapters.isEmpty)
  }

  @Test("An adapter that does not take what it is checked with is told apart from one that breaks a rule")
  func unchecked() async throws {
    let example = AdapterExample(inputs: [.text("a text"), .text("another")])
    let error = await #expect(throws: AdapterRuleError.self) {
      try await AdapterRule.batch.check(FaultyControl(nil), with: example)
    }
    guard case .unchecked(.batch, "canny", let found, _) = error else {
      Issue.record("\(error.map { "\($0)" } ?? "nothing")")
      return
    }
    #expect(found.contains("takes an image"))
  }
}
