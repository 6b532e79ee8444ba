// A program with the commands of the package, an adapter and a command of its own, and another name.
import ARPG
import ARPGCommands
import ARPGDecoder
import ARPGStarter
import ArgumentParser
import ClassControl
import Foundation

/// Prints what the program knows.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "own-list", abstract: "List adapters and the model.")

  func run() throws {
    let program = ARPGCommandLine.current
    print(program.registries.adapters.adapters.map(\.descriptor.name).joined(separator: ","))
    print(try program.model())
  }
}

var registries = Registries()
try TwoPassDecoder.register(in: &registries)
try ClassControl.register(in: &registries.adapters)
try registries.adapters.register(StampControl())
let program = ARPGCommandLine(
  registries, name: "arpg-own", summary: "Stamps.", version: "7.1",
  model: { try ProcessInfo.processInfo.environment["OWN_MODEL"] ?? Starter.path() }, subcommands: [ListCommand.self])
let code = program.run()
FileHandle.standardError.write(Data("ended with \(code)\n".utf8))
exit(code)
