/// The marks of the WebUI in prompts.
package enum WebUIPrompt {
  /// A prompt without networks, `<lora:NAME:1>`, and emphasis, `(word:1.2)`, `((word))`, `[word]`.
  package static func plain(_ prompt: String) -> String {
    prompt.replacing(/<[A-Za-z]+:[^<>]*>/, with: "")
      .replacing(/:\s*-?[0-9.]+\s*[\)\]]/, with: "")
      .replacing(/\\?[\(\)\[\]\{\}]/, with: "")
  }
}
