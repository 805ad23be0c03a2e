import MartletKernels

/// The checksums of an archive's large entries, checked while its small ones are read and
/// compiled.
final class ChecksBeside: Sendable {
  /// Smaller ones are checked where they are read.
  static let leastByteCount = 1 << 18

  private struct State {
    /// Those that somebody read before their check was known.
    var asked: [String] = []
    var isWrong: Set<String> = []
  }

  private let names: Set<String>
  private let state: Locked<State>
  private let work: BesideWork

  /// - Parameters:
  ///   - names: the entries to check.
  ///   - isRight: whether the checksum of an entry is that of its bytes.
  init(_ names: [String], _ isRight: @escaping @Sendable (String) -> Bool) {
    let state = Locked(State())
    self.names = Set(names)
    self.state = state
    work = .begin(tiles: names.count) { tile in
      if !isRight(names[tile]) { _ = state.withLock { $0.isWrong.insert(names[tile]) } }
    }
  }

  /// Whether the entry's check is done here; the reader goes on meanwhile.
  func takes(_ name: String) -> Bool {
    guard names.contains(name) else { return false }
    state.withLock { $0.asked.append(name) }
    return true
  }

  /// The first entry that was read and whose bytes are not those that were written.
  func firstWrong() -> String? {
    work.finish()
    return state.withLock { state in state.asked.first(where: state.isWrong.contains) }
  }
}
