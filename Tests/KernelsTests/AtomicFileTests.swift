import Foundation
import MartletKernels
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func `a file appears at the end`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a").path
      var file = try AtomicFile(path: path)
      try file.write([1, 2])
      try file.write([3])
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.commit()
      #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    }
  }

  @Test func `what is not finished goes`() throws {
    try withTemporaryFolder { folder in
      func begin() throws {
        var file = try AtomicFile(path: folder.appending(path: "a").path)
        try file.write([1, 2])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
      }
      try begin()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func `what is abandoned goes, and does not come back`() throws {
    try withTemporaryFolder { folder in
      let files = UnfinishedFiles()
      var file = try AtomicFile(path: folder.appending(path: "a").path, among: files)
      try file.write([1, 2])
      var left: [String]?
      files.abandonAll {
        left = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
      }
      #expect(left == [])
      try file.write([3])
      try file.commit()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
