import MartletKernels

/// A line on a terminal that fills while work goes on; nothing where standard error is no terminal,
/// and nothing for work that is done within half a second.
struct ProgressBar {
  private let title: String
  private let total: Int
  private var done = 0
  private var isShown = false
  private let isTerminal = StandardError.isTerminal
  private let start = ContinuousClock.now

  init(_ title: String, of total: Int) {
    self.title = title
    self.total = total
  }

  /// One more piece of work is done.
  mutating func advance() {
    done += 1
    let elapsed = ContinuousClock.now - start
    guard isTerminal, elapsed > .milliseconds(500), done < total else { return }
    let width = 30
    let filled = width * done / max(total, 1)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let rest = elapsed * (Double(total - done) / Double(done))
    write("\r\u{1B}[K\(title) \(bar) \(done) of \(total), \(Self.text(rest)) left")
    isShown = true
  }

  /// Takes the line away, for others to be written.
  mutating func clear() {
    guard isShown else { return }
    write("\r\u{1B}[K")
    isShown = false
  }

  private static func text(_ duration: Duration) -> String {
    let seconds = Int(duration / .seconds(1)) + 1
    return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
  }

  private func write(_ text: String) {
    StandardError.write(text)
  }
}
