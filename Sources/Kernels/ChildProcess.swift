#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Another process of the running program.
public enum ChildProcess {
  public struct Result: Sendable {
    /// As a shell gives it: 128 and the signal's number where one ended the process.
    public let status: Int
    /// What it wrote to standard output and to standard error.
    public let output, errors: [UInt8]
  }

  /// Runs this process's program with other arguments and an empty input until it ends.
  ///
  /// - Throws: `FileError` when it cannot be started.
  public static func runSelf(_ arguments: [String]) throws(FileError) -> Result {
    let program = programPath
    let output = try Pipe(program)
    let errors = try Pipe(program)
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { for word in unsafe words { unsafe free(word) } }
    var process = pid_t()
    guard unsafe posix_spawn(&process, program, &actions, nil, words, environment) == 0 else {
      throw FileError(program, "run")
    }
    output.closeWriting()
    errors.closeWriting()
    // Both are a few lines: neither fills its pipe while the other is read.
    let (text, complaint) = (output.readAll(), errors.readAll())
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = Int(status & 0x7F)
    return Result(
      status: signal == 0 ? Int(status >> 8 & 0xFF) : 128 + signal, output: text,
      errors: complaint)
  }

  /// The process's own, past the variable that no thread may read in Swift.
  private static var environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if canImport(Darwin)
      return unsafe _NSGetEnviron().pointee
    #else
      typealias Variables = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
      return unsafe dlsym(nil, "environ")?.assumingMemoryBound(to: Variables.self).pointee
    #endif
  }

  private static var programPath: String {
    #if canImport(Darwin)
      var size = UInt32(PATH_MAX)
      var path = [UInt8](repeating: 0, count: Int(size))
      let status = unsafe path.withUnsafeMutableBytes { buffer in
        unsafe _NSGetExecutablePath(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), &size)
      }
      if status == 0 { return String(decoding: path.prefix { $0 != 0 }, as: UTF8.self) }
      return CommandLine.arguments[0]
    #else
      return "/proc/self/exe"
    #endif
  }
}

/// Its ends are closed with it, and in programs that are started beside.
private final class Pipe {
  let reading: Int32
  private(set) var writing: Int32

  init(_ program: String) throws(FileError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw FileError(program, "run") }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(reading)
    closeWriting()
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  func readAll() -> [UInt8] {
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let count = unsafe read(reading, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return result }
      result += block.prefix(count)
    }
  }
}
