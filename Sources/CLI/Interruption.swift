import Dispatch
import MartletKernels
import MartletTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What happens when the command is interrupted: half-written files go, and it ends with the
/// status that shells expect, 128 and the signal's number.
enum Interruption {
  /// Begins to watch; a file that grows beyond the user's limit becomes an error like others.
  static func watch() {
    signal(SIGXFSZ, SIG_IGN)
    for source in sources.all { source.resume() }
  }

  /// Kept alive as long as the process. Its list never changes, and sources may be used by any
  /// thread.
  private final class Sources: @unchecked Sendable {
    let all: [any DispatchSourceSignal]

    init(_ all: [any DispatchSourceSignal]) { self.all = all }
  }

  private static let sources = Sources([SIGINT, SIGTERM].map(source))

  private static func source(of number: Int32) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let queue = DispatchQueue.global(qos: .userInteractive)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      OutputFile.abandonAll {
        let line = "martlet: error: interrupted; nothing half-written is left\n"
        StandardError.write(line)
        _exit(128 + number)
      }
    }
    return source
  }
}
