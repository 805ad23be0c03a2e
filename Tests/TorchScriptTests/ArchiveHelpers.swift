import Foundation
import MartletTensor
import MartletTorchScript
import TestSupport
import Testing

/// Expects a `MartletError` whose message has the part.
func expectError<R>(
  _ part: String, kind: MartletError.Kind = .file,
  sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () throws -> R
) {
  do {
    _ = try body()
    Issue.record("expected the error: \(part)", sourceLocation: sourceLocation)
  } catch let error as MartletError {
    #expect(
      error.message.contains(part), "got: \(error.message)", sourceLocation: sourceLocation)
    #expect(error.kind == kind, sourceLocation: sourceLocation)
  } catch {
    Issue.record("another error: \(error)", sourceLocation: sourceLocation)
  }
}

func archivePath(_ name: String) -> String { fixtureURL("archives/\(name)").path }

/// Writes the bytes to a temporary file for the duration of `body`.
func withFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) throws -> R {
  try withTemporaryFolder { folder in
    let url = folder.appending(path: "file")
    try Data(bytes).write(to: url)
    return try body(url.path)
  }
}

func fixtureBytes(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: fixtureURL("archives/\(name)")))
}

/// What `index.json` tells of a tensor.
struct StoredContents: Decodable, Sendable {
  let dtype: String
  let sizes: [Int]
  let strides: [Int]
  let values: [String]

  func check(_ tensor: Tensor, _ name: String) throws {
    #expect(tensor.dtype.name == dtype, "\(name)")
    #expect(tensor.sizes == sizes, "\(name)")
    #expect(tensor.strides == strides, "\(name)")
    if tensor.dtype.isComplex {
      let found = try tensor.converted(to: .complex128).compacted().array(
        of: Complex<Double>.self)
      let wanted = values.map { text in
        let parts = text.split(separator: ",").compactMap { Double($0) }
        return Complex<Double>(parts[0], parts[1])
      }
      #expect(found == wanted, "\(name)")
    } else {
      let found = try tensor.converted(to: .float64).compacted().array(of: Double.self)
      #expect(found == values.compactMap { Double($0) }, "\(name)")
    }
  }
}

/// Reads all that an archive or a file of weights holds.
func readEverything(_ path: String) throws {
  _ = try TorchScript.loadStateDict(path)
}

/// Zip files of any kind, broken ones too.
struct ZipMaker {
  struct Entry {
    var name: String
    var bytes: [UInt8]
    var method = 0
    /// Of the unpacked bytes; nil for those that are there.
    var byteCount: Int?
    var checksum: UInt32?
    var flags = 0
    /// What the directory says in place of the truth.
    var offset: Int?
    var packedCount: Int?
    var localName: String?
  }

  static func file(_ entries: [Entry], count: Int? = nil, comment: String = "") -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let localName = entry.localName.map { Array($0.utf8) } ?? name
      let byteCount = entry.byteCount ?? entry.bytes.count
      var common = numbers((20, 2), (entry.flags, 2), (entry.method, 2), (0, 4))
      common += numbers(
        (Int(entry.checksum ?? checksum(entry.bytes)), 4),
        (entry.packedCount ?? entry.bytes.count, 4), (byteCount, 4))
      directory += numbers((0x0201_4B50, 4), (20, 2)) + common
      // Lengths of extra fields and comment, disk, attributes: zeros.
      directory += numbers((name.count, 2), (0, 8), (0, 4), (entry.offset ?? file.count, 4))
      directory += name
      file += numbers((0x0403_4B50, 4)) + common + numbers((localName.count, 2), (0, 2))
      file += localName + entry.bytes
    }
    let start = file.count
    file += directory
    let total = count ?? entries.count
    file += numbers(
      (0x0605_4B50, 4), (0, 4), (total, 2), (total, 2), (directory.count, 4), (start, 4),
      (comment.utf8.count, 2))
    return file + Array(comment.utf8)
  }

  static func numbers(_ fields: (Int, Int)...) -> [UInt8] {
    fields.flatMap { value, width in
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }

  /// CRC-32, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// A raw deflate stream of one stored block.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    [1] + numbers((bytes.count, 2), (~bytes.count & 0xFFFF, 2)) + bytes
  }
}

/// Pickles by hand.
enum Pickle {
  static let head: [UInt8] = [0x80, 2]
  static let stop: [UInt8] = [0x2E]

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + ZipMaker.numbers((text.utf8.count, 4)) + Array(text.utf8)
  }

  static func int(_ value: Int) -> [UInt8] { [0x8A, 8] + ZipMaker.numbers((value, 8)) }

  static func tuple(_ parts: [UInt8]...) -> [UInt8] { [0x28] + parts.flatMap { $0 } + [0x74] }

  static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) -> [UInt8] {
    tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(count)) + [0x51]
  }

  static func call(_ name: String, _ arguments: [UInt8]) -> [UInt8] {
    global("torch._utils", name) + arguments + [0x52]
  }

  static func tensor(
    _ storage: [UInt8], offset: Int = 0, sizes: [Int], strides: [Int]
  ) -> [UInt8] {
    call(
      "_rebuild_tensor_v2",
      tuple(
        storage, int(offset), [0x28] + sizes.flatMap { int($0) } + [0x74],
        [0x28] + strides.flatMap { int($0) } + [0x74], [0x89],
        global("collections", "OrderedDict") + [0x29, 0x52]))
  }

  /// A file of weights whose dictionary has one value, `x`.
  static func weights(_ value: [UInt8], storage: [UInt8]? = nil) -> [UInt8] {
    let pickle = head + [0x7D] + text("x") + value + [0x73] + stop
    var entries = [
      ZipMaker.Entry(name: "a/data.pkl", bytes: pickle),
      ZipMaker.Entry(name: "a/version", bytes: [0x33, 0x0A]),
    ]
    if let storage { entries.append(ZipMaker.Entry(name: "a/data/0", bytes: storage)) }
    return ZipMaker.file(entries)
  }
}
