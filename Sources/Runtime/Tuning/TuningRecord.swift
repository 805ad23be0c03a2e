import MartletKernels
import MartletTensor

/// The algorithms that were the fastest of those timed, by convolution.
///
/// Its text can be kept in a file, so that a later process compiles without timing and to the
/// same result: a heading, then one line for each convolution and instruction set.
public final class TuningRecord: Sendable {
  private static let heading = "martlet tuning 1"

  private let choices: Locked<[String: BlockedConvolution.Algorithm]>

  public init() { choices = Locked([:]) }

  /// The record whose `text` this is.
  ///
  /// - Throws: `MartletError` of kind `.argument` that names the first line that is none of a
  ///   record's.
  public init(text: String) throws {
    var found: [String: BlockedConvolution.Algorithm] = [:]
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.first.map(String.init) == Self.heading else {
      throw MartletError(.argument, "no tuning record: it does not begin with '\(Self.heading)'")
    }
    for line in lines.dropFirst() {
      guard let space = line.lastIndex(of: " "),
        let choice = BlockedConvolution.Algorithm(
          rawValue: String(line[line.index(after: space)...]))
      else {
        throw MartletError(.argument, "no line of a tuning record: '\(line.prefix(100))'")
      }
      found[String(line[..<space])] = choice
    }
    choices = Locked(found)
  }

  /// How many convolutions it knows.
  public var count: Int { choices.withLock(\.count) }

  public var text: String {
    let lines = choices.withLock { $0.map { "\($0.key) \($0.value.rawValue)" } }
    return ([Self.heading] + lines.sorted()).map { $0 + "\n" }.joined()
  }

  /// The choice for a key, made now where it is not known.
  func choice(
    for key: String, _ choose: () throws -> BlockedConvolution.Algorithm?
  ) rethrows -> BlockedConvolution.Algorithm? {
    if let known = choices.withLock({ $0[key] }) { return known }
    guard let chosen = try choose() else { return nil }
    // Of two that timed the same at once, the first one's stays.
    return choices.withLock { all in
      if let other = all[key] { return other }
      all[key] = chosen
      return chosen
    }
  }
}
