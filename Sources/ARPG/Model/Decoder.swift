/// The two-pass decoder.
public struct Decoder: Sendable {}
