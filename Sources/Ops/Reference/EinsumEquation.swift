import MartletKernels
import MartletTensor

/// An equation as `bij,bjk->bik` with its letters numbered: the result's first, in its order.
struct EinsumEquation {
  /// For each operand the label of each axis.
  let operands: [[Int]]
  let labelCount: Int
  /// Labels 0 ..< outputCount make up the result.
  let outputCount: Int

  private enum Label: Hashable {
    case letter(Character)
    /// An axis under the ellipsis, counted from the last.
    case broadcast(Int)
  }

  init(_ equation: String, ranks: [Int]) throws {
    func fail(_ reason: String) -> MartletError {
      MartletError(.argument, "einsum(): \(reason) in the equation '\(equation)'")
    }
    let sides = equation.filter { $0 != " " }.split(
      separator: "->", omittingEmptySubsequences: false)
    guard sides.count <= 2 else { throw fail("found more than one '->'") }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == ranks.count else {
      throw fail("found subscripts for \(terms.count) operands but got \(ranks.count)")
    }
    var named: [[Label]] = []
    var occurrences: [Character: Int] = [:]
    var broadcastRank = 0
    for (term, rank) in zip(terms, ranks) {
      let (before, after) = try Self.split(term, fail)
      let letters = before.count + (after?.count ?? 0)
      guard after == nil ? letters == rank : letters <= rank else {
        throw fail(
          "the number of subscripts (\(letters)) does not match the number of dimensions "
            + "(\(rank)) of an operand")
      }
      for letter in before + (after ?? []) { occurrences[letter, default: 0] += 1 }
      let hidden = rank - letters
      broadcastRank = max(broadcastRank, hidden)
      named.append(
        before.map(Label.letter) + (0..<hidden).reversed().map(Label.broadcast)
          + (after ?? []).map(Label.letter))
    }
    let ellipsis = (0..<broadcastRank).reversed().map(Label.broadcast)
    var output: [Label]
    if sides.count == 2 {
      let (before, after) = try Self.split(Substring(sides[1]), fail)
      output = before.map(Label.letter) + (after == nil ? [] : ellipsis)
      output += (after ?? []).map(Label.letter)
      for letter in before + (after ?? []) where occurrences[letter] == nil {
        throw fail("output subscript \(letter) does not appear in any input")
      }
      guard Set(output).count == output.count else {
        throw fail("output subscripts appear more than once")
      }
    } else {
      output = ellipsis + occurrences.filter { $0.value == 1 }.keys.sorted().map(Label.letter)
    }
    var numbers: [Label: Int] = [:]
    for label in output + named.flatMap({ $0 }) where numbers[label] == nil {
      numbers[label] = numbers.count
    }
    operands = named.map { $0.compactMap { numbers[$0] } }
    labelCount = numbers.count
    outputCount = output.count
  }

  /// The letters before and after an ellipsis; nil after where there is none.
  private static func split(_ term: Substring, _ fail: (String) -> MartletError) throws -> (
    [Character], [Character]?
  ) {
    let parts = String(term).split(separator: "...", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { throw fail("found more than one '...'") }
    for letter in parts.joined() where !(letter.isASCII && letter.isLetter) {
      throw fail("invalid subscript '\(letter)'")
    }
    return (Array(parts[0]), parts.count == 2 ? Array(parts[1]) : nil)
  }
}
