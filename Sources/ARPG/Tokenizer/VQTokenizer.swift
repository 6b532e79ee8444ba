/// The tokenizer.
public struct VQTokenizer: Sendable {}
