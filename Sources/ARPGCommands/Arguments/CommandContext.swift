import ARPG
import ARPGTensor

/// What `main` hands the commands. Held for the length of one run, and by nothing global: the parser makes commands by
/// type, so they find these here.
enum CommandContext {
  @TaskLocal static var registries = Registries()
  /// The processes that share out the work.
  @TaskLocal static var processes: any ProcessGroup = SingleProcess()

  /// The adapters that there are.
  static var adapters: AdapterRegistry { registries.adapters }
}
