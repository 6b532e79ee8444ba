import Foundation
import Testing

/// What `scripts/package` puts into the folders of shells and of `man`.
@Suite("Completions and the description of the command line")
struct CompletionTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("Scripts for shells name commands and options", arguments: ["bash", "zsh", "fish"])
  func script(shell: String) throws {
    let script = try place.run("--generate-completion-script", shell).output
    for word in ["preprocess", "tokenizer", "control-guidance", "guidance-schedule"] {
      #expect(script.contains(word), "\(shell): \(word) is missing")
    }
  }

  @Test("A shell that is not known is refused in a line")
  func unknownShell() throws {
    try place.refuse("--generate-completion-script", "tcsh", saying: "tcsh")
  }

  @Test("The description that manual pages are made from holds all commands")
  func description() throws {
    let description = try place.run("--experimental-dump-help").json()
    let command = try #require(description["command"] as? [String: Any])
    let subcommands = try #require(command["subcommands"] as? [[String: Any]])
    #expect(command["commandName"] as? String == "arpg")
    #expect(Set(subcommands.compactMap { $0["commandName"] as? String }).isSuperset(of: ["control", "edit", "train"]))
  }
}
