import ARPGServer
import ArgumentParser
import Foundation

/// Where the server listens, and whom it answers.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The address to listen at. (default: 127.0.0.1)")
  var host: String?

  @Option(help: "The port; 0 takes any that is free. (default: 7860)")
  var port: String?

  @Option(help: "The key that clients must send: Authorization: Bearer KEY. Better in a file or ARPG_KEY.")
  var key: String?

  @Option(help: ArgumentHelp("A file with the key in its first line.", valueName: "file"))
  var keyFile: String?

  @Flag(help: "Let anybody in who can reach the address.")
  var noKey = false

  @Option(
    name: .customLong("host-name"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A name by which clients may call the server, beside addresses and localhost; repeatable.", valueName: "name"))
  var names: [String] = []

  @Option(
    name: .customLong("allow-origin"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An origin whose pages may use the server, such as https://example.org; repeatable.", valueName: "origin"))
  var origins: [String] = []

  @Option(help: ArgumentHelp("How long to finish requests when told to stop. (default: 30)", valueName: "seconds"))
  var drain: String?

  @Option(help: ArgumentHelp("How long the body of a request may take to arrive. (default: 60)", valueName: "seconds"))
  var bodySeconds: String?

  /// The options, checked.
  ///
  /// - Throws: `ValidationError` also where the server would be open to others without a key.
  func options() throws -> ServerOptions {
    var options = ServerOptions()
    options.host = Setting.text("host", host) ?? options.host
    options.port = try Setting.number("port", port, 0...65535) ?? options.port
    options.key = try readKey()
    options.names = Setting.texts("host-name", names)
    options.origins = Setting.texts("allow-origin", origins)
    options.bodySeconds = try Setting.number("body-seconds", bodySeconds, 0.1...3600) ?? options.bodySeconds
    options.drainSeconds = try Setting.number("drain", drain, 0...3600) ?? options.drainSeconds
    let isOpen = try Setting.flag("no-key", noKey)
    guard options.isLoopback || options.key != nil || isOpen else {
      throw ValidationError(
        "--host \(options.host) lets others reach the server; give --key-file FILE, or --no-key to let anybody in")
    }
    return options
  }

  private func readKey() throws -> String? {
    let path = Setting.text("key-file", keyFile)
    guard let path else { return try checked(Setting.text("key", key), "--key") }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw ValidationError("--key-file \(path): cannot be read; give a file with the key in its first line")
    }
    return try checked(text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "", "--key-file \(path)")
  }

  private func checked(_ key: String?, _ place: String) throws -> String? {
    guard let key else { return nil }
    let isPlain = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard 8...512 ~= key.utf8.count, isPlain else {
      throw ValidationError("\(place): a key has 8 to 512 characters, plain ones without spaces")
    }
    return key
  }
}
