import Martlet
import MartletKernels
import Synchronization

/// Work on many pictures, several at a time.
struct PictureWork<Answer: Sendable> {
  let paths: [String]
  /// How many pictures are worked on at the same time.
  let workers: Int

  /// Does the work, and shows each answer in the order of the pictures, as soon as those before
  /// it are there. A picture that fails is told of on standard error and does not stop the rest.
  ///
  /// - Throws: what the only picture fails with; how many failed when there are several.
  func run(
    _ title: String, _ body: @escaping @Sendable (String) throws -> Answer,
    show: @escaping @Sendable (String, Result<Answer, any Error>) throws -> Void,
    finally: () throws -> Void
  ) throws {
    if paths.count == 1 {
      let result = Result { try body(paths[0]) }
      try show(paths[0], result)
      try finally()
      _ = try result.get()
      return
    }
    let state = Mutex(State(progress: ProgressBar(title, of: paths.count)))
    BesideWork.onThreads(workers) { _ in
      while let index = state.withLock({ $0.take(paths.count) }) {
        let result = Result { try body(paths[index]) }
        state.withLock { $0.finish(index, result, paths, show) }
      }
    }
    let (failures, problem) = state.withLock { ($0.failureCount, $0.showProblem) }
    if let problem { throw problem }
    try finally()
    if failures > 0 {
      throw MartletError(.file, "\(failures) of \(paths.count) pictures failed, named above")
    }
  }

  private struct State {
    var progress: ProgressBar
    var nextIndex = 0
    /// Answers that wait for those before them.
    var waiting: [Int: Result<Answer, any Error>] = [:]
    var shownCount = 0
    var failureCount = 0
    var showProblem: (any Error)?

    mutating func take(_ count: Int) -> Int? {
      guard nextIndex < count, showProblem == nil else { return nil }
      defer { nextIndex += 1 }
      return nextIndex
    }

    mutating func finish(
      _ index: Int, _ result: Result<Answer, any Error>, _ paths: [String],
      _ show: (String, Result<Answer, any Error>) throws -> Void
    ) {
      waiting[index] = result
      progress.clear()
      while let next = waiting.removeValue(forKey: shownCount) {
        if case .failure(let error) = next {
          failureCount += 1
          MartletCommand.report(error)
        }
        do { try show(paths[shownCount], next) } catch { showProblem = showProblem ?? error }
        shownCount += 1
      }
      progress.advance()
    }
  }
}

/// Rows that several threads add to, for one list at the end.
final class RowList<Row: Sendable>: Sendable {
  private let rows = Mutex<[Row]>([])

  var all: [Row] { rows.withLock { $0 } }

  func append(_ row: Row) { rows.withLock { $0.append(row) } }
}
