import ARPG
import Foundation
import TestSupport
import Testing

@Suite("Schedules")
struct ScheduleTests {
  private struct Golden: Decodable {
    let tokens: Int
    let steps: Int
    let schedule: Schedule
    let sizes: [Int]
  }

  @Test("Sizes are those of the golden cases")
  func golden() throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("schedules.json")))
    let cases = try JSONDecoder().decode([Golden].self, from: text)
    #expect(!cases.isEmpty)
    for test in cases { #expect(test.schedule.stepSizes(tokens: test.tokens, steps: test.steps) == test.sizes) }
  }

  @Test("Every schedule up to 64 tokens and 70 steps decodes each token once", arguments: Schedule.allCases)
  func exhaustive(_ schedule: Schedule) {
    for tokens in 0...64 {
      for steps in 1...70 {
        let sizes = schedule.stepSizes(tokens: tokens, steps: steps)
        #expect(sizes.count == steps && sizes.reduce(0, +) == tokens && sizes.allSatisfy { $0 >= 0 })
      }
    }
  }
}
