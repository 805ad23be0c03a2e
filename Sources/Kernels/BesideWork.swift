import Synchronization

/// Work in tiles that a thread of its own begins while its maker does something else; the maker
/// does the rest when it comes to need the result. All the maker's, where the process has one
/// processor.
package final class BesideWork: Sendable {
  private let tiles: Int
  private let body: @Sendable (Int) -> Void
  private let next = Atomic<Int>(0)
  private let doneCount = Atomic<Int>(0)
  private let done = Gate()

  /// - Parameter body: called once for each tile in `0..<tiles`.
  package static func begin(tiles: Int, _ body: @escaping @Sendable (Int) -> Void) -> BesideWork {
    let work = BesideWork(tiles: tiles, body)
    // Without a thread, `finish` does it all.
    if tiles > 0, ProcessorCount.default > 1 { _ = startThread { work.takeAll() } }
    return work
  }

  private init(tiles: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.tiles = tiles
    self.body = body
  }

  /// Comes back when every tile is done. For the maker alone.
  package func finish() {
    takeAll()
    done.wait(spinning: 50) { doneCount.load(ordering: .sequentiallyConsistent) == tiles }
  }

  /// Calls the body with each number in `0..<count` on a thread of its own and waits for all: for
  /// callers beside each other, where the pool's threads help one.
  package static func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let work = BesideWork(tiles: count, body)
    for _ in 0..<count where !startThread({ work.takeOne() }) { work.takeOne() }
    work.done.wait(spinning: 0) {
      work.doneCount.load(ordering: .sequentiallyConsistent) == count
    }
  }

  private func takeAll() {
    while takeOne() {}
  }

  /// False when all are taken.
  @discardableResult
  private func takeOne() -> Bool {
    let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
    guard tile < tiles else { return false }
    body(tile)
    doneCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
    done.open()
    return true
  }
}
