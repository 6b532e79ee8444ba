import ARPGAdapterTesting
import ColourMapControl
import Testing

@Test(arguments: AdapterRule.allCases)
func keeps(rule: AdapterRule) async throws { try await rule.check(ColourMapControl()) }
