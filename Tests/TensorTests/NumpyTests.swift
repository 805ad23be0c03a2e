import Foundation
import MartletTensor
import TestSupport
import Testing

@Suite struct NumpyTests {
  @Test func fixtureIsThere() {
    #expect(FileFixtures.shared.npy.count > 80)
    #expect(FileFixtures.shared.refused.count == 8)
  }

  @Test(arguments: FileFixtures.shared.npy)
  func readsWhatNumPyWrote(_ one: FileFixtures.Array) throws {
    try withFile(one.file) { path in
      let tensor = try Tensor(npy: path)
      #expect(try one.contents.matches(tensor))
    }
  }

  @Test(arguments: FileFixtures.shared.npy.filter { $0.canonical == true })
  func writesNumPysBytes(_ one: FileFixtures.Array) throws {
    try withFile(one.file) { path in
      try Tensor(npy: path).save(npy: path + ".out")
      #expect(try Data(contentsOf: URL(filePath: path + ".out")) == one.file)
    }
  }

  @Test(arguments: FileFixtures.shared.refused)
  func refusesOtherElements(_ one: FileFixtures.Refused) throws {
    try withFile(one.file) { path in
      expectError("'\(path)': in the header: \(one.message)", kind: .file) {
        try Tensor(npy: path)
      }
    }
  }

  @Test func savesViewsInTheirOrder() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.npy").path
      let whole = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
      try whole.viewed(Layout(sizes: [3, 2], strides: [1, 3])).save(npy: path)
      #expect(try Tensor(npy: path).array(of: Float.self) == [1, 4, 2, 5, 3, 6])
      try whole.viewed(Layout(sizes: [2], strides: [1], offset: 4)).save(npy: path)
      #expect(try Tensor(npy: path).array(of: Float.self) == [5, 6])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.npy"])
    }
  }

  @Test func refusesBFloat16AndBadPlaces() throws {
    let tensor = try Tensor([BFloat16(1)])
    expectError(
      "NumPy has no bfloat16; convert the tensor to float32 to save it as .npy", kind: .dtype
    ) { try tensor.save(npy: "/tmp/never.npy") }
    let floats = try Tensor([1] as [Float])
    expectError("could not write '/no/such/folder/x.npy': No such file", kind: .file) {
      try floats.save(npy: "/no/such/folder/x.npy")
    }
    expectError("could not open '/no/such/file.npy': No such file or directory", kind: .file) {
      try Tensor(npy: "/no/such/file.npy")
    }
    expectError("could not read '/tmp': it is not a regular file", kind: .file) {
      try Tensor(npy: "/tmp")
    }
    expectError("a meta tensor has a shape and a dtype but no values to read", kind: .value) {
      try Tensor.meta([2], .float32).save(npy: "/tmp/never.npy")
    }
  }

  /// A file of version 1 with this header and these many bytes of values.
  static func file(_ header: String, values: Int, version: [UInt8] = [1, 0]) -> Data {
    let text = Array(header.utf8)
    let length = (0..<(version[0] == 1 ? 2 : 4)).map {
      UInt8(truncatingIfNeeded: text.count >> (8 * $0))
    }
    return Data(
      [0x93] + Array("NUMPY".utf8) + version + length + text
        + [UInt8](repeating: 0, count: values))
  }

  static let broken: [(Data, String)] = [
    (Data(), "not a .npy file: it does not begin with \\x93NUMPY"),
    (Data("hello".utf8), "not a .npy file"),
    (Data([0x93] + Array("NUMPY".utf8)), "ends in the header, at byte 6"),
    (Data([0x93] + Array("NUMPY".utf8) + [1, 0, 9]), "ends in the header, at byte 9"),
    (Data([0x93] + Array("NUMPY".utf8) + [2, 0, 9, 0, 0]), "ends in the header, at byte 11"),
    (file("{}", values: 0, version: [4, 0]), "has format version 4.0"),
    (
      Data([0x93] + Array("NUMPY".utf8) + [1, 0, 255, 255]),
      "the header takes 65535 bytes from byte 10 on, but the file ends at byte 10"
    ),
    (
      Data([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255]),
      "the header takes 4294967295 bytes from byte 12 on, but the file ends at byte 12"
    ),
    (file("{}", values: 0), "the header lacks the key 'descr'"),
    (file("", values: 0), "in the header: expected '{', got the end (byte 10)"),
    (
      file("{'descr': '<f4', 'fortran_order': False}", values: 0),
      "the header lacks the key 'shape'"
    ),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", values: 23),
      "float32 [2, 3] takes 24 bytes, but 23 follow the header, which ends at byte 67"
    ),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", values: 25),
      "float32 [2, 3] takes 24 bytes, but 25 follow"
    ),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (3)}", values: 12),
      "in the header: expected a tuple of sizes, as in (3,) (byte 63)"
    ),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", values: 12),
      "in the header: expected a size, a number of at least 0, got '-' (byte 61)"
    ),
    (
      file(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3000000000, 4000000000)}", values: 8),
      "shape [3000000000, 4000000000] is beyond any file's size"
    ),
    (
      file("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", values: 12),
      "in the header: expected True or False (byte 44)"
    ),
    (
      file("{'descr': '<f4', 'descr': '<f8', 'shape': (3,)}", values: 12),
      "in the header: the key 'descr' stands there twice (byte 27)"
    ),
    (file("{'what': 1}", values: 0), "in the header: an unknown key 'what' (byte 11)"),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", values: 0),
      "in the header: a size is too large (byte 61)"
    ),
    (file("{'descr': '<f4", values: 0), "in the header: a string without an end (byte 20)"),
    (
      file("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)} x", values: 1),
      "in the header: expected the end, got 'x' (byte 66)"
    ),
  ]

  @Test(arguments: broken)
  func brokenFilesAreRefused(_ file: Data, _ message: String) throws {
    try withFile(file) { path in
      expectError("'\(path)': \(message)", kind: .file) { try Tensor(npy: path) }
    }
  }

  @Test func truthValuesAreZeroOrOne() throws {
    var file = Self.file("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", values: 2)
    file[file.count - 1] = 2
    try withFile(file) { path in
      expectError("'\(path)': byte 66 is 2, which is no truth value") { try Tensor(npy: path) }
    }
  }

  /// Whatever the bytes are, there is a tensor or an error.
  @Test func mutatedFilesNeverCrash() throws {
    var numbers = TestNumbers(seed: 1)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "x.npy")
      for _ in 0..<500 {
        guard var bytes = FileFixtures.shared.npy.randomElement(using: &numbers)?.file else {
          return
        }
        mutate(&bytes, &numbers)
        try bytes.write(to: url)
        do { _ = try Tensor(npy: url.path).description } catch is MartletError {}
      }
    }
  }
}

/// Changes, removes or adds a few bytes, more of them near the beginning.
func mutate(_ bytes: inout Data, _ numbers: inout TestNumbers) {
  for _ in 0..<Int.random(in: 1...3, using: &numbers) where !bytes.isEmpty {
    let reach = Bool.random(using: &numbers) ? min(bytes.count, 160) : bytes.count
    let place = Int.random(in: 0..<reach, using: &numbers)
    switch Int.random(in: 0..<5, using: &numbers) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
    case 2: bytes = Data(bytes.prefix(place))
    case 3:
      bytes.insert(
        contentsOf: Array("{[\"9,-':}]".utf8).shuffled(using: &numbers).prefix(2), at: place)
    default: bytes.remove(at: place)
    }
  }
}
