/// What a pickle may cost before it is refused.
package struct PickleLimits: Sendable {
  /// Bytes of one pickle.
  package var byteCount = 256 << 20
  /// Values in all, and entries of the memo.
  package var values = 8_000_000
  /// Levels of nesting.
  package var depth = 512
  /// Values below one value, counted once for each way that leads there: a few bytes can share
  /// lists of lists such that nobody could ever walk them.
  package var treeSize = 16_000_000

  package init() {}
}
