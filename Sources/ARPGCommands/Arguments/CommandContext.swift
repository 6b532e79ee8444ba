import ARPG

/// What `main` hands the commands. Held for the length of one run, and by nothing global: the parser makes commands by
/// type, so they find their registry here.
enum CommandContext {
  @TaskLocal static var registry = AdapterRegistry()
}
