import ARPG
import Foundation
import TestSupport
import Testing

@Suite("Schedules")
struct ScheduleTests {
  private struct Golden: Decodable {
    let tokens: Int
    let steps: Int
    let schedule: Schedule.Name
    let sizes: [Int]
  }

  @Test("Sizes are those of the golden cases")
  func golden() throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("schedules.json")))
    let cases = try JSONDecoder().decode([Golden].self, from: text)
    #expect(!cases.isEmpty)
    for test in cases {
      let schedule = test.schedule == .arccos ? Schedule.arccos : .cosine
      #expect(try schedule.stepSizes(tokens: test.tokens, steps: test.steps) == test.sizes)
    }
  }

  @Test("One code a step needs as many steps as there are codes")
  func single() throws {
    #expect(try Schedule.single.stepSizes(tokens: 3, steps: 9) == [1, 1, 1])
    let error = #expect(throws: SamplingError.self) { try Schedule.single.stepSizes(tokens: 3, steps: 2) }
    #expect(error?.description == "steps is 2; it takes 3 or more, since this decoder decodes one code a step")
  }

  @Test("Every schedule up to 64 tokens and 70 steps decodes each token once", arguments: [Schedule.arccos, .cosine])
  func exhaustive(_ schedule: Schedule) throws {
    for tokens in 0...64 {
      for steps in 1...70 {
        let sizes = try schedule.stepSizes(tokens: tokens, steps: steps)
        #expect(sizes.count == steps && sizes.reduce(0, +) == tokens && sizes.allSatisfy { $0 >= 0 })
      }
    }
  }
}
