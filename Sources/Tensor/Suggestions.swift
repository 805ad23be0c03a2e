/// Words for a name that was mistyped.
package enum Suggestions {
  /// The names that are nearest to what was written, best first; none when all are far away.
  package static func near(_ name: String, among names: [String], count: Int = 3) -> [String] {
    let written = plain(name)
    guard !written.isEmpty else { return [] }
    let ranked = names.enumerated().compactMap { index, candidate in
      rank(written, plain(candidate)).map { (rank: $0, index: index, name: candidate) }
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.prefix(count).map(\.name)
  }

  /// `; did you mean 'resnet18'?`, or `; ` and other advice when no name is near.
  package static func text(for name: String, among names: [String], or advice: String) -> String {
    let near = near(name, among: names).map { "'\($0)'" }
    guard let last = near.last else { return "; \(advice)" }
    let all = near.count > 1 ? near.dropLast().joined(separator: ", ") + " or " + last : last
    return "; did you mean \(all)?"
  }

  /// Lower is nearer; nil is too far.
  private static func rank(_ written: [Character], _ name: [Character]) -> Int? {
    let distance = editDistance(written, name)
    if name.starts(with: written) || written.starts(with: name) { return min(distance, 1) }
    return distance <= max(min(written.count, name.count) / 3, 1) ? distance : nil
  }

  private static func plain(_ name: String) -> [Character] {
    Array(name.prefix(64).lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// How many letters are to be put in, taken out or changed (V. Levenshtein, 1966).
  private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
