import Foundation
import MartletTensor
import TestSupport
import Testing

@Suite struct SafeTensorsTests {
  @Test func fixtureIsThere() {
    #expect(FileFixtures.shared.safetensors.count == 4)
  }

  @Test(arguments: FileFixtures.shared.safetensors)
  func readsAndWritesTheReferencesBytes(_ one: FileFixtures.Weights) throws {
    try withFile(one.file) { path in
      let weights = try SafeTensors(path: path)
      #expect(weights.metadata == one.metadata)
      #expect(Set(weights.names) == Set(one.tensors.keys))
      for (name, contents) in one.tensors {
        #expect(try contents.matches(weights.tensor(name)), "\(name)")
      }
      try SafeTensors.write(weights.tensors(), to: path + ".out", metadata: weights.metadata)
      #expect(try Data(contentsOf: URL(filePath: path + ".out")) == one.file)
      // Over the mapped file itself.
      try SafeTensors.write(weights.tensors(), to: path, metadata: weights.metadata)
      #expect(try Data(contentsOf: URL(filePath: path)) == one.file)
    }
  }

  @Test func missingTensorsAndReservedNamesAreRefused() throws {
    try withFile(Self.file("{}", values: 0)) { path in
      let weights = try SafeTensors(path: path)
      expectError("'\(path)' holds no tensor 'x'", kind: .weights) { try weights.tensor("x") }
      let tensor = try Tensor([1] as [Float])
      expectError("'__metadata__' is no name for a tensor", kind: .argument) {
        try SafeTensors.write(["__metadata__": tensor], to: path)
      }
    }
  }

  @Test func failedWritesLeaveNothing() throws {
    try withTemporaryFolder { folder in
      let good = try Tensor([1] as [Float])
      let path = folder.appending(path: "x").path
      expectError("a meta tensor has a shape and a dtype but no values to read") {
        try SafeTensors.write(["a": good, "b": .meta([2], .int8)], to: path)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func unalignedValuesAreCopied() throws {
    var header = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    // One byte off every boundary.
    while (8 + header.utf8.count) % 4 != 1 { header += " " }
    var file = Self.file(header, values: 8)
    file.replaceSubrange((file.count - 8)..., with: [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
    try withFile(file) { path in
      let tensor = try SafeTensors(path: path).tensor("x")
      #expect(try tensor.array(of: Float.self) == [1, 2])
      #expect(!tensor.storage.isReadOnly)
    }
  }

  /// A file with this header and these many bytes of values.
  static func file(_ header: String, values: Int, length: UInt64? = nil) -> Data {
    let length = length ?? UInt64(header.utf8.count)
    let start = (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }
    return Data(start + Array(header.utf8) + [UInt8](repeating: 0, count: values))
  }

  static func one(
    dtype: String = "\"F32\"", shape: String = "[2,3]", offsets: String = "[0,24]"
  ) -> String {
    "{\"x\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }

  static func two(_ first: String, _ second: String) -> String {
    "{\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\(first)},"
      + "\"y\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\(second)}}"
  }

  static let broken: [(Data, String)] = [
    (Data(), "takes 0 bytes, no room for the header's length"),
    (Data([1, 2, 3]), "takes 3 bytes, no room for the header's length"),
    (
      file("{}", values: 0, length: 3),
      "the header should take 3 bytes from byte 8 on, but the file ends at byte 10"
    ),
    (
      file("{}", values: 0, length: .max),
      "the header should take 18446744073709551615 bytes from byte 8 on"
    ),
    (file("", values: 0), "the header does not begin with '{' (byte 8)"),
    (file(" {}", values: 0), "the header does not begin with '{' (byte 8)"),
    (file("{", values: 0), "in the header: expected a string, got the end (byte 9)"),
    (file("{}x", values: 0), "in the header: expected the end, got 'x' (byte 10)"),
    (file("{x:1}", values: 0), "in the header: expected a string, got 'x' (byte 9)"),
    (file("{\"x\":1}", values: 0), "in the header: expected '{', got '1' (byte 13)"),
    (
      file("{\"x\":" + String(repeating: "[", count: 100_000), values: 0),
      "in the header: expected '{', got '[' (byte 13)"
    ),
    (
      file(String(repeating: "{\"x\":", count: 100_000), values: 0),
      "in the header: tensor 'x' has an unknown key 'x' (byte 14)"
    ),
    (
      file("{\"x\":{\"shape\":[],\"data_offsets\":[0,4]}}", values: 4),
      "in the header: tensor 'x' lacks its dtype (byte 9)"
    ),
    (
      file("{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", values: 4),
      "in the header: tensor 'x' lacks its shape (byte 9)"
    ),
    (
      file(one(offsets: "[0]"), values: 24),
      "in the header: tensor 'x' lacks its two data_offsets (byte 9)"
    ),
    (
      file(one(offsets: "[0,24,48]"), values: 24),
      "in the header: more than 2 numbers in a list (byte 65)"
    ),
    (
      file(one(dtype: "\"F8_E4M3\""), values: 24),
      "in the header: tensor 'x' has dtype 'F8_E4M3', which is not one of F32, F64, F16, BF16"
    ),
    (file(one(dtype: "3"), values: 24), "in the header: expected a string, got '3' (byte 22)"),
    (
      file(one(shape: "[2,-3]"), values: 24),
      "in the header: expected a size of 'x', a number of at least 0, got '-' (byte 39)"
    ),
    (
      file(one(shape: "[2,3.0]"), values: 24), "in the header: expected ',', got '.' (byte 40)"
    ),
    (
      file(one(shape: "[2,1e3]"), values: 24), "in the header: expected ',', got 'e' (byte 40)"
    ),
    (
      file(one(shape: "[2,99999999999999999999]"), values: 24),
      "in the header: a size of 'x' is too large (byte 39)"
    ),
    (
      file(one(shape: "[4294967296,4294967296,4]"), values: 24),
      "in the header: tensor 'x' has shape [4294967296, 4294967296, 4], beyond any file's size"
    ),
    (
      file(one(shape: "[9223372036854775807]"), values: 24),
      "in the header: tensor 'x' has shape [9223372036854775807], beyond any file's size"
    ),
    (
      file(one(shape: "[2,4]"), values: 24),
      "in the header: tensor 'x' has data_offsets [0, 24], 24 bytes, but F32 [2, 4] takes 32"
    ),
    (
      file(one(), values: 20),
      "in the header: tensor 'x' has data_offsets [0, 24], but the file has 20 bytes of values"
    ),
    (
      file(one(offsets: "[24,0]"), values: 24),
      "in the header: tensor 'x' has data_offsets [24, 0], but the file has 24 bytes of values"
    ),
    (
      file(one(offsets: "[0,18446744073709551640]"), values: 24),
      "in the header: an offset of 'x' is too large (byte 60)"
    ),
    (file(one(), values: 25), "bytes 89 ..< 90, at the end, belong to no tensor"),
    (
      file(two("[0,4]", "[5,9]"), values: 9),
      "bytes 117 ..< 118, before tensor 'y', belong to no tensor"
    ),
    (file(two("[0,4]", "[3,7]"), values: 7), "tensors 'x' and 'y' overlap in bytes 116 ..< 117"),
    (file(two("[0,4]", "[0,4]"), values: 4), "tensors 'x' and 'y' overlap in bytes 113 ..< 117"),
    (
      file(two("[0,4]", "[4,8]").replacing("\"y\"", with: "\"x\""), values: 8),
      "in the header: the name 'x' stands there twice (byte 61)"
    ),
    (
      file(two("[0,4]", "[4,8]").replacing("\"y\"", with: "\"\\u0078\""), values: 8),
      "in the header: the name 'x' stands there twice (byte 61)"
    ),
    (
      file("{\"__metadata__\":{\"a\":1}}", values: 0),
      "in the header: expected a string, got '1' (byte 29)"
    ),
    (file("{\"\\ud800\":1}", values: 0), "in the header: half a surrogate pair (byte 10)"),
    (file("{\"\\x\":1}", values: 0), "in the header: an unknown escape in a string (byte 10)"),
    (file("{\"\u{1}\":1}", values: 0), "in the header: a control character in a string"),
    (
      Data([4, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF, 0x22]),
      "in the header: a string that is not UTF-8 (byte 9)"
    ),
  ]

  @Test(arguments: broken)
  func brokenFilesAreRefused(_ file: Data, _ message: String) throws {
    try withFile(file) { path in
      expectError("'\(path)': \(message)", kind: .file) { try SafeTensors(path: path) }
    }
  }

  @Test func truthValuesAreZeroOrOne() throws {
    var file = Self.file(
      #"{"x":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, values: 2)
    file[file.count - 1] = 255
    try withFile(file) { path in
      expectError("'\(path)': tensor 'x': byte \(file.count - 1) is 255, which is no truth value") {
        try SafeTensors(path: path)
      }
    }
  }

  /// Whatever the bytes are, there are tensors or an error.
  @Test func mutatedFilesNeverCrash() throws {
    var numbers = TestNumbers(seed: 2)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "x.safetensors")
      let sources =
        FileFixtures.shared.safetensors.map(\.file) + [
          Self.file(Self.two("[0,4]", "[4,8]"), values: 8), Self.file(Self.one(), values: 24),
        ]
      for _ in 0..<500 {
        guard var bytes = sources.randomElement(using: &numbers) else { return }
        mutate(&bytes, &numbers)
        try bytes.write(to: url)
        do {
          for tensor in try SafeTensors(path: url.path).tensors().values { _ = tensor.description }
        } catch is MartletError {}
      }
    }
  }
}
