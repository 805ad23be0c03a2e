import Foundation

/// A progress bar on standard error: on a terminal one line that fills, elsewhere a plain line
/// now and then. Work that is done within a second shows nothing.
struct Progress {
  private let title: String
  private let total: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var shown: ContinuousClock.Instant?

  init(_ title: String, of total: Int) {
    self.title = title
    self.total = total
  }

  /// Call after each piece of work.
  mutating func advance(to done: Int) {
    let now = ContinuousClock.now
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
    if let shown {
      guard now - shown > pause || done == total else { return }
    } else {
      guard now - start > .seconds(1) else { return }
    }
    shown = now
    let percent = 100 * done / max(total, 1)
    if isTerminal {
      let width = 30
      let filled = width * done / max(total, 1)
      let bar =
        String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
      write("\r\(title) [\(bar)] \(percent) %")
    } else {
      write("\(title): \(percent) %\n")
    }
    if done == total, isTerminal { write("\n") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
