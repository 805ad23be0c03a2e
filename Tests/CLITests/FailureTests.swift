import Foundation
import Martlet
import TestSupport
import Testing

/// What happens when a disk is full, a limit is reached, or the user has waited long enough.
@Suite struct FailureTests {
  private let trace = "trace squeezenet1_1 --shape 1,3,64,64 --output"

  /// A line of shell with the command as `$martlet`.
  private func shell(_ line: String) throws -> Command {
    try Command(["-c", line], program: "sh")
  }

  @Test func `a file beyond the limit leaves nothing`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "m.pt").path
      // A limit of 512 kB; the archive has 5 MB.
      let command = try shell("ulimit -f 1024; $martlet \(trace) \(path)")
      #expect(command.status == 1)
      #expect(command.errors == "martlet: error: could not write '\(path)': File too large\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func `a full disk leaves what was there before`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "m.pt").path
      try Data("old".utf8).write(to: URL(filePath: path))
      let command = try shell("ulimit -f 1024; $martlet \(trace) \(path)")
      #expect(command.status == 1)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }
  }

  #if os(Linux)
    @Test func `a device that is full is an error, and stays a device`() throws {
      let command = try Command(trace.split(separator: " ").map(String.init) + ["/dev/full"])
      #expect(command.status == 1)
      #expect(
        command.errors == "martlet: error: could not write '/dev/full': No space left on device\n")
      let kind = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type]
      #expect(kind as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test func `answers that cannot be written are an error`() throws {
      let command = try shell("$martlet ops > /dev/full")
      #expect(command.status == 1)
      #expect(
        command.errors
          == "martlet: error: could not write to standard output: No space left on device\n")
    }
  #endif

  @Test func `a link stays a link`() throws {
    try withTemporaryFolder { folder in
      let (file, link) = (folder.appending(path: "x.npy").path, folder.appending(path: "l").path)
      try Data("old".utf8).write(to: URL(filePath: file))
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      let x = try Tensor.zeros([3])
      try x.save(npy: link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
      #expect(try Tensor(npy: file).shape == [3])
    }
  }

  @Test(arguments: [("INT", 130), ("TERM", 143)])
  func `an interruption is one line and the shell's status`(
    signal: String, status: Int32
  ) throws {
    let command = try shell(
      """
      $martlet bench squeezenet1_1 --shape 1,3,64,64 --seconds 60 & pid=$!
      sleep 1; kill -\(signal) $pid; wait $pid
      """)
    #expect(command.status == status)
    #expect(command.output.isEmpty)
    #expect(
      command.errors == "martlet: error: interrupted; nothing half-written is left\n")
  }
}
