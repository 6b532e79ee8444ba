/// What opening a checkpoint finds out: where its tensors stand, and the texts beside them.
struct CheckpointContents {
  var tensors: [String: StoredTensor] = [:]
  var metadata: [String: String] = [:]

  /// Prefixes that wrappers around a model put before the names of its tensors.
  private static let wrappers = ["_orig_mod.", "module."]

  /// Takes the prefixes of wrappers off all names.
  mutating func stripWrappers(path: String) throws(CheckpointError) {
    var stripped: [String: StoredTensor] = [:]
    stripped.reserveCapacity(tensors.count)
    for (name, tensor) in tensors {
      var rest = Substring(name)
      while let wrapper = Self.wrappers.first(where: rest.hasPrefix) { rest = rest.dropFirst(wrapper.count) }
      guard stripped.updateValue(tensor, forKey: String(rest)) == nil else {
        throw .malformed(path: path, found: "the tensor \(rest) twice, under different prefixes", expected: "it once")
      }
    }
    tensors = stripped
  }
}
