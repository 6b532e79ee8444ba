import ARPG
import ARPGTensor
import Synchronization

extension AdapterSubject {
  func checkCondition() throws {
    let elements = try elements(), encoder = try encoder()
    for count in [1, elements.count] {
      let condition = try encoder.encode(Array(elements.prefix(count)))
      try requireFinite(condition, "\(count) elements")
      try require(
        !condition.parts.isEmpty, found: "neither a prefix nor condition tokens", expected: "one of them",
        "give a condition for every input")
      for (layer, tokens) in condition.tokens {
        try require(
          0..<layout.injectableLayers ~= layer, found: "condition tokens for layer \(layer)",
          expected: "layers 0 to \(layout.injectableLayers - 1)", "take the layers from the layout of the decoder")
        try require(
          [[1, layout.tokens, layout.dim], [count, layout.tokens, layout.dim]].contains(tokens.shape),
          found: "condition tokens of the shape \(tokens.shape) for \(count) elements",
          expected: "\([count, layout.tokens, layout.dim])", "take the sizes from the layout of the decoder")
      }
      guard let prefix = condition.prefix else { continue }
      let shape = prefix.embeddings.shape
      try require(
        shape.count == 3 && [1, count].contains(shape[0]) && shape[1] > 0 && shape[2] == layout.dim,
        found: "a prefix of the shape \(shape) for \(count) elements", expected: "[\(count), length, \(layout.dim)]",
        "take the width from the layout of the decoder")
      try require(
        prefix.null.shape == [1, shape[1], layout.dim], found: "a null of the shape \(prefix.null.shape)",
        expected: "\([1, shape[1], layout.dim])", "make it as long as the prefix")
      if let padding = prefix.padding {
        try require(
          padding.count == shape[0] && padding.allSatisfy { 0..<shape[1] ~= $0 }, found: "the padding \(padding)",
          expected: "\(shape[0]) numbers from 0 to \(shape[1] - 1)", "count the padding of each row")
      }
    }
  }

  func checkBatch() throws {
    let elements = try elements(), encoder = try encoder()
    let alone = try elements.map { try encoder.encode([$0]) }
    try require(
      alone.dropFirst().contains { $0.difference(from: alone[0]) != nil },
      found: "the same condition for \(elements.count) elements", expected: "one for each element",
      "look at the elements, or give inputs that differ by AdapterExample")
    for order in [Array(elements.indices), elements.indices.reversed()] {
      let whole = try encoder.encode(order.map { elements[$0] })
      for (row, index) in order.enumerated() {
        let difference = whole.element(row).difference(from: alone[index].element(0))
        try require(
          difference == nil, found: "\(difference ?? "") for element \(row) of a batch of \(order.count)",
          expected: "the condition that it has alone, bit for bit", "use no value of another element, such as a mean")
      }
    }
  }

  func checkRepeatability() throws {
    let elements = try elements(), encoder = try encoder()
    let first = try encoder.encode(elements)
    func compare(_ condition: Condition, _ how: String) throws {
      let difference = condition.difference(from: first)
      try require(
        difference == nil, found: "\(difference ?? "") \(how)", expected: "the same bits",
        "keep nothing between calls, and add up in an order that does not depend on threads")
    }
    try compare(encoder.encode(elements), "when it encodes again")
    for condition in concurrent(4, { try encoder.encode(elements) }) {
      try compare(condition.get(), "when it encodes on several threads at once")
    }
    for threads in [1, 2, 3, 7] {
      try compare(withThreads(threads) { try encoder.encode(elements) }, "on \(threads) threads")
    }
  }

  func checkNullPrefix() throws {
    let encoder = try encoder(), isTrained = adapter is any TrainableAdapter
    for elements in try elements().map({ [$0] }) + [elements()] {
      guard let prefix = try encoder.encode(elements).prefix else {
        guard encoder.nullPrefix == nil else {
          try require(
            false, found: "a null prefix and no prefix", expected: "neither or both", "give no null prefix")
          return
        }
        throw NotApplicable("it gives condition tokens and no prefix")
      }
      let length = prefix.null.shape[1], width = prefix.null.shape[2]
      guard let null = encoder.nullPrefix, null.shape.count == 3, null.shape[0] == 1 else {
        let found = encoder.nullPrefix.map { "a null prefix of the shape \($0.shape)" } ?? "a prefix and no null prefix"
        return try require(
          false, found: found, expected: "[1, length, \(width)]",
          "give as nullPrefix the prefix that stands for no input")
      }
      try require(
        isTrained ? null.shape[1] == length : null.shape[1] >= length,
        found: "a null prefix of \(null.shape[1]) rows and a prefix of \(length)",
        expected: isTrained ? "the same number" : "no more rows than the null prefix has", "make them of one length")
      let rows = null.reshaped(null.shape[1], width).slice(null.shape[1] - length..<null.shape[1])
      let difference = rows.reshaped(1, length, width).difference(from: prefix.null)
      try require(
        difference == nil, found: "a null of the prefix and a null prefix with \(difference ?? "")",
        expected: "the last rows of the null prefix", "take both from the same place")
    }
  }

  /// Runs something with a number of threads; one at a time.
  private func withThreads<Value>(_ count: Int, _ body: () throws -> Value) rethrows -> Value {
    try Self.threads.withLock { _ in
      let before = Parallel.threads
      defer { Parallel.threads = before }
      Parallel.threads = count
      return try body()
    }
  }

  private static let threads = Mutex(())
}
