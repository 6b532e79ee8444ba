import ARPGServer
import Testing

/// What is read from prompts.
@Suite struct PromptTests {
  @Test(
    "settings are taken out of a prompt, where a line or what is behind two hyphens holds nothing else",
    arguments: [
      ("a mug", "a mug", [:]), ("", "", [:]), ("steps=5", "", ["steps": "5"]),
      ("a mug -- steps=5 top_p=0.5", "a mug", ["steps": "5", "top_p": "0.5"]),
      ("a mug -- red -- seed=1", "a mug -- red", ["seed": "1"]), ("-- seed=1", "", ["seed": "1"]),
      ("a mug\nsteps=5  seed=1\n", "a mug", ["steps": "5", "seed": "1"]),
      ("steps=5\r\na mug\nsteps=6", "a mug", ["steps": "6"]), ("a mug -- or not", "a mug -- or not", [:]),
      ("a mug steps=5", "a mug steps=5", [:]), ("a mug --steps=5", "a mug --steps=5", [:]),
      ("a mug -- steps=5 nicely", "a mug -- steps=5 nicely", [:]), ("size=256x128 a=", "size=256x128 a=", [:]),
    ] as [(String, String, [String: String])])
  func settings(prompt: String, text: String, settings: [String: String]) throws {
    let found = try Prompt(prompt)
    #expect(found.text == text && found.settings == settings)
  }

  @Test("a prompt has a length")
  func length() {
    #expect(throws: (any Error).self) { try Prompt(String(repeating: "a", count: 32_001)) }
    #expect(throws: Never.self) { try Prompt(String(repeating: "a", count: 32_000)) }
  }

  private let names = ["mug", "table", "coffee mug", "T-shirt", "tench, Tinca tinca", "7"]

  @Test(
    "classes are names, indices, lists of them, or the longest name of whole words within a text",
    arguments: [
      ("mug", "mug"), ("MUG", "mug"), ("3", "3"), ("7", "7"), ("mug, 3,Table", "mug,3,table"),
      ("tench, Tinca tinca", "tench, Tinca tinca"), ("a photo of a mug.", "mug"),
      ("a Coffee\nmug, steaming", "coffee mug"),
      ("a mug on a table", "table"), ("a t shirt", "T-shirt"), ("mugs", nil), ("unicorn", nil), ("mug,,", "mug"),
      ("999", nil), ("-1", nil), (" mug ", "mug"), ("a picture of 3 things", nil), (",", nil),
    ] as [(String, String?)])
  func classes(text: String, expected: String?) {
    #expect(ClassNames(names).classes(in: text) == expected)
  }

  @Test("a model without names knows indices alone")
  func indices() {
    #expect(ClassNames([]).classes(in: "5, 999") == "5,999")
    #expect(ClassNames([]).classes(in: "mug") == nil)
    #expect(ClassNames([]).classes(in: "99999999999999999999") == nil)
  }

  @Test(
    "emphasis and networks are left out",
    arguments: [
      ("(mug:1.2)", "mug"), ("((mug)), [tree]", "mug, tree"), ("mug <lora:tree:0.7>", "mug "), ("a (b:-.5) c", "a b c"),
      (#"crane \(bird\)"#, "crane bird"), ("{mug|tree}", "mug|tree"), ("a < b", "a < b"), ("12:30", "12:30"),
      ("[mug:tree:0.5]", "mug:tree"),
    ])
  func emphasis(prompt: String, expected: String) {
    #expect(WebUIPrompt.plain(prompt) == expected)
  }

  @Test("nothing that is written stops the reader, and what is found is known")
  func anything() throws {
    var random = SystemRandomNumberGenerator()
    let pieces = ["mug", " -- ", "steps=", "\n", "=", ",", "(", ":1", ")", "<lora:", ">", "7", "é", "\u{0}", "🫖", " "]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in pieces.randomElement() ?? "" }.joined()
      let prompt = try Prompt(WebUIPrompt.plain(text))
      guard let found = ClassNames(names).classes(in: prompt.text) else { continue }
      for piece in found.split(separator: ",") {
        #expect(names.contains(String(piece)) || Int(piece) != nil, "'\(text)' became '\(found)'")
      }
    }
  }

  @Test("the text of an image is divided into its settings")
  func texts() {
    let settings = WebUIText.settings(of: "class: mug, canny: a.png\nSteps: 6, Sampler: ARPG arccos, Seed: 5, odd")
    #expect(settings == ["Prompt": "class: mug, canny: a.png", "Steps": "6", "Sampler": "ARPG arccos", "Seed": "5"])
    #expect(WebUIText.settings(of: "") == [:])
  }
}
