import Foundation
import MartletKernels
import MartletTensor
import MartletTorchScript
import TestSupport
import Testing

@Suite struct ZipTests {
  @Test func `PyTorch's archive`() throws {
    let archive = try ZipArchive(path: archivePath("linear.pt"))
    #expect(archive.root == "linear")
    #expect(archive.names.contains("code/__torch__/torch/nn/modules/linear.py"))
    #expect(try archive.text("version") == "3\n")
    #expect(try archive.text("byteorder") == "little")
    #expect(try archive.text("extra/notes/a.txt") == "hello")
    #expect(
      try archive.text("code/__torch__/torch/nn/modules/linear.py").contains("def forward"))
    #expect(archive.byteCount(of: "data/0") == 24)
    #expect(try archive.memory("data/0", alignment: 64).byteCount == 24)
    expectError("the archive holds no entry 'linear/nothing'") { try archive.bytes("nothing") }
  }

  @Test func `what is written is read, and written again the same`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.pt").path
      func write() throws {
        var writer = try ZipWriter(path: path, root: "a")
        try writer.add("one", [1, 2, 3])
        try writer.add("folder/\u{E9}", [])
        try writer.add("third", [UInt8](repeating: 7, count: 1000))
        try writer.finish()
      }
      try write()
      let bytes = try Data(contentsOf: URL(filePath: path))
      let archive = try ZipArchive(path: path)
      #expect(archive.names == ["one", "folder/\u{E9}", "third"])
      #expect(try archive.bytes("one") == [1, 2, 3])
      #expect(try archive.bytes("folder/\u{E9}") == [])
      #expect(try archive.bytes("third") == [UInt8](repeating: 7, count: 1000))
      try write()
      #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
      // Every entry's bytes begin at a multiple of 64.
      #expect(bytes[64..<67] == Data([1, 2, 3]))
    }
  }

  @Test func `an unfinished file leaves nothing`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.pt").path
      func write(_ name: String) throws {
        var writer = try ZipWriter(path: path, root: "a")
        try writer.add("one", [1])
        try writer.add(name, [2])
        try writer.finish()
      }
      expectError("two entries would have the name 'a/one'") { try write("one") }
      expectError("is no name in an archive", kind: .argument) { try write("../b") }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.isEmpty)
      expectError("could not write '\(folder.path)/no/a.pt'") {
        _ = try ZipWriter(path: folder.path + "/no/a.pt", root: "a")
      }
    }
  }

  typealias Entry = ZipMaker.Entry

  private static let data = Entry(name: "a/data", bytes: [1, 2, 3, 4])

  @Test(arguments: [
    ("../a/x", "name that may lead out"), ("a/../x", "name that may lead out"),
    ("/a/x", "name that may lead out"), ("a\\x", "name that may lead out"),
    ("a//x", "name that may lead out"), ("a/./x", "name that may lead out"),
    ("C:/x", "name that may lead out"), ("", "name that may lead out"),
    ("a/x\u{0}", "name that may lead out"), ("x", "lies in no folder"),
  ])
  func `bad names`(_ name: String, _ message: String) throws {
    try withFile(ZipMaker.file([Entry(name: name, bytes: [1])])) { path in
      expectError(message) { try ZipArchive(path: path) }
    }
  }

  @Test func `a handmade file is read`() throws {
    let file = ZipMaker.file(
      [
        Self.data, Entry(name: "a/dir/", bytes: []), Entry(name: "b/other", bytes: [5]),
        Entry(
          name: "a/packed", bytes: ZipMaker.deflated([9, 8]), method: 8, byteCount: 2,
          checksum: ZipMaker.checksum([9, 8])),
      ], comment: "PK\u{5}\u{6} is no record")
    try withFile(file) { path in
      let archive = try ZipArchive(path: path)
      #expect(archive.names == ["data", "packed"])
      #expect(try archive.bytes("data") == [1, 2, 3, 4])
      #expect(try archive.bytes("packed") == [9, 8])
      #expect(try archive.memory("packed").byteCount == 2)
    }
  }

  @Test func `broken directories`() throws {
    let cases: [(String, [UInt8])] = [
      ("two entries have the name 'a/data'", ZipMaker.file([Self.data, Self.data])),
      (
        "entries 'a/data' and 'a/in' overlap",
        ZipMaker.file([
          Entry(name: "a/data", bytes: ZipMaker.file([Entry(name: "a/in", bytes: [])])),
          Entry(name: "a/in", bytes: [], offset: 36),
        ])
      ),
      (
        "does not begin at byte 3",
        ZipMaker.file([Entry(name: "a/x", bytes: [1, 2, 3], offset: 3)])
      ),
      ("outside the file", ZipMaker.file([Entry(name: "a/x", bytes: [], offset: 1 << 20)])),
      (
        "reaches past byte",
        ZipMaker.file([Entry(name: "a/x", bytes: [1], byteCount: 500, packedCount: 500)])
      ),
      ("has another name", ZipMaker.file([Entry(name: "a/x", bytes: [], localName: "a/y")])),
      ("is encrypted", ZipMaker.file([Entry(name: "a/x", bytes: [], flags: 1)])),
      ("is packed by method 12", ZipMaker.file([Entry(name: "a/x", bytes: [], method: 12)])),
      (
        "is stored, yet has two sizes", ZipMaker.file([Entry(name: "a/x", bytes: [], byteCount: 4)])
      ),
      ("too few for 900 entries", ZipMaker.file([Self.data], count: 900)),
      ("counts end after 0", ZipMaker.file([Self.data], count: 0)),
      ("the archive is empty", ZipMaker.file([])),
      (
        "more than deflate can pack",
        ZipMaker.file([Entry(name: "a/x", bytes: [1], method: 8, byteCount: 100_000)])
      ),
      (
        "would inflate to",
        ZipMaker.file([
          Entry(
            name: "a/x", bytes: [UInt8](repeating: 0, count: 300_000), method: 8,
            byteCount: 300_000_000)
        ])
      ),
      ("the record at the end is missing", [UInt8](repeating: 0, count: 100)),
      ("too few for a zip archive", [0x50, 0x4B]),
      ("takes 0 bytes", []),
    ]
    for (message, file) in cases {
      try withFile(file) { path in expectError(message) { try ZipArchive(path: path) } }
    }
  }

  @Test func `broken contents`() throws {
    let cases: [(String, Entry)] = [
      ("wrong CRC-32", Entry(name: "a/x", bytes: [1, 2], checksum: 7)),
      (
        "wrong CRC-32",
        Entry(name: "a/x", bytes: ZipMaker.deflated([1, 2]), method: 8, byteCount: 2, checksum: 7)
      ),
      (
        "inflates to more than the 1 bytes",
        Entry(name: "a/x", bytes: ZipMaker.deflated([1, 2]), method: 8, byteCount: 1)
      ),
      (
        "inflates to 2 bytes where the archive states 3",
        Entry(name: "a/x", bytes: ZipMaker.deflated([1, 2]), method: 8, byteCount: 3)
      ),
      (
        "follow its deflated stream",
        Entry(name: "a/x", bytes: ZipMaker.deflated([1, 2]) + [0], method: 8, byteCount: 2)
      ),
      (
        "deflated bytes are broken", Entry(name: "a/x", bytes: [7, 7], method: 8, byteCount: 2)
      ),
      (
        "deflated bytes end early",
        Entry(name: "a/x", bytes: ZipMaker.deflated([1, 2]).dropLast(), method: 8, byteCount: 2)
      ),
      ("deflated bytes end early", Entry(name: "a/x", bytes: [], method: 8, byteCount: 0)),
    ]
    for (message, entry) in cases {
      try withFile(ZipMaker.file([entry])) { path in
        let archive = try ZipArchive(path: path)
        expectError(message) { try archive.bytes("x") }
        expectError(message) { try archive.memory("x") }
      }
    }
  }

  /// Sizes in zip64's fields, as archives beyond 4 GiB have them.
  @Test func `zip64`() throws {
    let full = 0xFFFF_FFFF
    let bytes: [UInt8] = [1, 2, 3]
    let crc = Int(ZipMaker.checksum(bytes))
    let extra = ZipMaker.numbers((1, 2), (24, 2), (3, 8), (3, 8), (0, 8))
    let common = ZipMaker.numbers((45, 2), (0, 2), (0, 2), (0, 4), (crc, 4), (full, 4), (full, 4))
    var file = ZipMaker.numbers((0x0403_4B50, 4)) + common + ZipMaker.numbers((3, 2), (20, 2))
    file += Array("a/x".utf8) + ZipMaker.numbers((1, 2), (16, 2), (3, 8), (3, 8)) + bytes
    let start = file.count
    file += ZipMaker.numbers((0x0201_4B50, 4), (45, 2)) + common
    file += ZipMaker.numbers((3, 2), (28, 2), (0, 6), (0, 4), (full, 4)) + Array("a/x".utf8) + extra
    let size = file.count - start
    let end = file.count
    file += ZipMaker.numbers((0x0606_4B50, 4), (44, 8), (45, 2), (45, 2), (0, 8), (1, 8), (1, 8))
    file += ZipMaker.numbers((size, 8), (start, 8))
    file += ZipMaker.numbers((0x0706_4B50, 4), (0, 4), (end, 8), (1, 4))
    file += ZipMaker.numbers(
      (0x0605_4B50, 4), (0, 4), (0xFFFF, 2), (0xFFFF, 2), (full, 4), (full, 4), (0, 2))
    try withFile(file) { path in
      let archive = try ZipArchive(path: path)
      #expect(try archive.bytes("x") == bytes)
    }
  }

  /// Large entries are checked beside their reader, who hears of it at the end.
  @Test func `large entries are checked in the end`() throws {
    let large = [UInt8](repeating: 7, count: 1 << 19)
    let right = Entry(name: "a/right", bytes: large)
    let wrong = Entry(name: "a/wrong", bytes: large, checksum: 7)
    try withFile(ZipMaker.file([right, wrong])) { path in
      let archive = try ZipArchive(path: path)
      archive.beginChecks()
      _ = try archive.memory("right")
      try archive.finishChecks()
      archive.beginChecks()
      _ = try archive.memory("right")
      _ = try archive.memory("wrong")
      expectError("entry 'a/wrong': wrong CRC-32") { try archive.finishChecks() }
      expectError("entry 'a/wrong': wrong CRC-32") { _ = try archive.memory("wrong") }
    }
  }
}
