import ARPG
import ArgumentParser

/// `arpg adapters`.
struct AdaptersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapters",
    abstract: "List the control adapters, describe one, and keep files of adapters.",
    discussion: """
      An adapter's file is a safetensors file that describes itself, such as
      `arpg train adapter` writes into its model's folder. Any command that takes
      --control takes it with --adapter, and finds those of your own folder
      (ARPG_ADAPTERS, or ~/.local/share/arpg/adapters) by their names.

      EXAMPLES
        arpg adapters
        arpg adapters canny
        arpg adapters export canny -o soft.safetensors
        arpg adapters check soft.safetensors --model models/arpg-l
        arpg adapters add soft.safetensors --name soft
        arpg control --control soft=sketch.png -o out.png
        arpg adapters remove soft
      """,
    subcommands: [
      ShowAdaptersCommand.self, ExportAdapterCommand.self, CheckAdapterCommand.self, AddAdapterCommand.self,
      RemoveAdapterCommand.self, NewAdapterCommand.self,
      ListAdapterFilesCommand.self,
    ], defaultSubcommand: ShowAdaptersCommand.self)
}

/// `arpg adapters [NAME]`.
struct ShowAdaptersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "List the adapters that the program has, or describe one.")

  @Argument(help: "An adapter's name.")
  var name: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    let registry = CommandContext.adapters
    let descriptors =
      try name.map { [try registry.adapter(named: $0).descriptor] } ?? registry.adapters.map(\.descriptor)
    let lines = name == nil ? Self.list(descriptors) : descriptors.flatMap(Self.describe)
    try Report(report).results(lines, json: .array(descriptors.map(JSONValue.init(encoding:))))
  }

  private static func list(_ descriptors: [AdapterDescriptor]) -> [String] {
    let width = descriptors.map(\.name.count).max() ?? 0
    return descriptors.map { "\($0.name.padded(to: width))  \($0.summary)" }
  }

  private static func describe(_ descriptor: AdapterDescriptor) -> [String] {
    var lines = [
      "\(descriptor.name): \(descriptor.summary)",
      "  input   \(descriptor.input.phrase): \(descriptor.inputSummary)",
      "  use     --control \(descriptor.name)=\(descriptor.placeholder)"
        + (descriptor.shorthand.map { "  or  --\($0) \(descriptor.placeholder)" } ?? ""),
    ]
    if let example = descriptor.example { lines.append("  example --control \(descriptor.name)=\(example)") }
    let width = descriptor.options.map(\.name.count).max() ?? 0
    for (index, option) in descriptor.options.enumerated() {
      lines.append(
        "  \(index == 0 ? "options" : "       ") \(option.name.padded(to: width))  \(option.summary) "
          + "(\(option.range)\(option.remark))")
    }
    return lines
  }
}

extension AdapterDescriptor {
  /// What stands for the input in help.
  var placeholder: String { input == .text ? "TEXT" : "FILE" }
}

extension OptionDescriptor {
  /// What it is where it is not given, behind the values that it takes.
  fileprivate var remark: String {
    if isRequired { return "; must be given" }
    return defaultValue.map { "; default \($0)" } ?? example.map { "; for example \($0)" } ?? ""
  }
}

extension String {
  /// The text with spaces behind it up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
