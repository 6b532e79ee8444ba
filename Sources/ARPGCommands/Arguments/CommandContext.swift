import ARPG
import ARPGTensor

/// What `main` hands the commands. Held for the length of one run, and by nothing global: the parser makes commands by
/// type, so they find these here.
enum CommandContext {
  @TaskLocal static var program = ARPGCommandLine(Registries())

  /// The adapters, decoder families and tokenizers that there are.
  static var registries: Registries { program.registries }
  /// The processes that share out the work.
  static var processes: any ProcessGroup { program.processes }
  /// The adapters that there are.
  static var adapters: AdapterRegistry { registries.adapters }
}
