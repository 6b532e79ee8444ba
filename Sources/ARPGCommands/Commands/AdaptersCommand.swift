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

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let registry = CommandContext.adapters
    let adapters = try name.map { [try registry.adapter(named: $0)] } ?? registry.adapters
    let lines = name == nil ? Self.list(adapters.map(\.descriptor)) : adapters.flatMap(Self.describe)
    try Report(report).results(lines, json: .array(adapters.map(Self.json(of:))))
  }

  private static func list(_ descriptors: [AdapterDescriptor]) -> [String] {
    let width = descriptors.map(\.name.count).max() ?? 0
    return descriptors.map { "\($0.name.padded(to: width))  \($0.summary)" }
  }

  private static func describe(_ adapter: any ControlAdapter) -> [String] {
    let descriptor = adapter.descriptor
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
    let scores = (adapter as? any ScoredAdapter)?.scores ?? [], nameWidth = scores.map(\.name.count).max() ?? 0
    for (index, score) in scores.enumerated() {
      lines.append("  \(index == 0 ? "scores " : "       ") \(score.name.padded(to: nameWidth))  \(score.summary)")
    }
    return lines
  }

  private static func json(of adapter: any ControlAdapter) throws -> JSONValue {
    guard case .object(var fields) = try JSONValue(encoding: adapter.descriptor) else { return .null }
    fields["scores"] = .array(((adapter as? any ScoredAdapter)?.scores ?? []).map { .object($0.fields) })
    return .object(fields)
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

extension ScoreDescriptor {
  /// The description in JSON.
  var fields: [String: JSONValue] {
    [
      "name": .string(name), "summary": .string(summary), "unit": unit.map { .string($0) } ?? .null,
      "higher_is_better": .bool(isHigherBetter),
    ]
  }
}

extension String {
  /// The text with spaces behind it up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
