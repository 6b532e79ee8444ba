extension String {
  /// The word that differs from this one by the fewest insertions, deletions and substitutions, where that is at most
  /// a third of its length and at least one letter.
  public func nearest(among words: [String]) -> String? {
    let best = words.map { (word: $0, distance: distance(to: $0)) }.min { $0.distance < $1.distance }
    guard let best, best.distance <= max(1, count / 3) else { return nil }
    return best.word
  }

  /// The Levenshtein distance, ignoring case.
  private func distance(to other: String) -> Int {
    let a = Array(lowercased()), b = Array(other.lowercased())
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
