import Foundation
import Testing

/// What `scripts/package` puts into the folders of shells.
@Suite struct CompletionTests {
  @Test("scripts for shells name the options", arguments: ["bash", "zsh", "fish"])
  func script(shell: String) throws {
    let process = Process(), output = Pipe()
    process.executableURL = try #require(Bundle.main.executableURL).resolvingSymlinksInPath()
      .deletingLastPathComponent()
      .appendingPathComponent("arpg-server")
    process.arguments = ["--generate-completion-script", shell]
    process.standardOutput = output
    try process.run()
    let script = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for option in ["key-file", "model-memory", "results", "drain"] {
      #expect(script.contains(option), "\(shell): --\(option) is missing")
    }
  }
}
