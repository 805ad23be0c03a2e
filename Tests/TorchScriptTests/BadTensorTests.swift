import Foundation
import MartletTensor
import MartletTorchScript
import TestSupport
import Testing

/// Tensors that do not fit their storage, and files that were damaged.
@Suite struct BadTensorTests {
  private static let four = [UInt8](repeating: 0, count: 16)

  private func load(_ value: [UInt8], storage: [UInt8]? = four) throws -> Tensor {
    try withFile(Pickle.weights(value, storage: storage)) { path in
      try TorchScript.loadStateDict(path)[0].tensor
    }
  }

  private func load(
    sizes: [Int], strides: [Int], offset: Int = 0, count: Int = 4
  ) throws -> Tensor {
    try load(
      Pickle.tensor(
        Pickle.storage(count: count), offset: offset, sizes: sizes, strides: strides))
  }

  @Test func `layouts within the storage`() throws {
    #expect(try load(sizes: [2, 2], strides: [2, 1]).sizes == [2, 2])
    #expect(try load(sizes: [2, 2], strides: [1, 2]).strides == [1, 2])
    #expect(try load(sizes: [1], strides: [1], offset: 3).count == 1)
    #expect(try load(sizes: [0, 1 << 40], strides: [1 << 40, 1], offset: 9).count == 0)
    // One value, a thousand million times over, takes no memory.
    #expect(try load(sizes: [1_000_000_000], strides: [0]).sizes == [1_000_000_000])
  }

  @Test func `layouts beyond the storage`() throws {
    let past = "reaches past its storage of 4 elements"
    expectError(past) { try load(sizes: [5], strides: [1]) }
    expectError(past) { try load(sizes: [2], strides: [4]) }
    expectError(past) { try load(sizes: [1], strides: [1], offset: 4) }
    expectError(past) { try load(sizes: [1_000_000_000], strides: [1]) }
    expectError("beyond any memory") { try load(sizes: [1 << 40, 1 << 40], strides: [0, 0]) }
    expectError("beyond any memory") { try load(sizes: [3, 3], strides: [.max, .max]) }
    expectError("beyond any memory") { try load(sizes: [2], strides: [.max], offset: .max) }
    expectError("has negative sizes") { try load(sizes: [-1], strides: [1]) }
    expectError("has negative sizes") { try load(sizes: [2], strides: [-1], offset: 1) }
    expectError("has negative sizes") { try load(sizes: [2], strides: [1], offset: -1) }
    expectError("has 2 sizes and 1 strides") { try load(sizes: [1, 1], strides: [1]) }
    expectError("65 dimensions") {
      try load(sizes: .init(repeating: 1, count: 65), strides: .init(repeating: 1, count: 65))
    }
  }

  @Test func `storages that are not what the pickle says`() throws {
    let tensor = Pickle.tensor(Pickle.storage(count: 4), sizes: [4], strides: [1])
    expectError("no such entry (needed for 'x')") { try load(tensor, storage: nil) }
    expectError("a storage of 16 bytes is expected, the entry holds 12") {
      try load(tensor, storage: [UInt8](repeating: 0, count: 12))
    }
    expectError("'x' is a broken tensor") {
      try load(Pickle.tensor(Pickle.storage(count: .max), sizes: [1], strides: [1]))
    }
    expectError("'x' is a broken tensor") {
      try load(Pickle.tensor(Pickle.storage(count: -1), sizes: [0], strides: [1]))
    }
    expectError("'x' is a broken tensor") {
      try load(Pickle.tensor(Pickle.text("storage") + [0x51], sizes: [1], strides: [1]))
    }
    expectError("byte 1 is 2, which is no truth value") {
      try load(
        Pickle.tensor(Pickle.storage("BoolStorage", count: 2), sizes: [2], strides: [1]),
        storage: [1, 2])
    }
    // The same bytes as bytes, then as truth values.
    let both =
      Pickle.head + [0x7D, 0x28] + Pickle.text("a")
      + Pickle.tensor(Pickle.storage("ByteStorage", count: 2), sizes: [2], strides: [1])
      + Pickle.text("b")
      + Pickle.tensor(Pickle.storage("BoolStorage", count: 2), sizes: [2], strides: [1])
      + [0x75] + Pickle.stop
    let file = ZipMaker.file([
      ZipMaker.Entry(name: "a/data.pkl", bytes: both),
      ZipMaker.Entry(name: "a/data/0", bytes: [0, 9]),
    ])
    try withFile(file) { path in
      expectError("byte 1 is 9, which is no truth value") { try TorchScript.loadStateDict(path) }
    }
  }

  @Test func `keys lead nowhere else`() throws {
    for key in ["../data.pkl", "../../etc/passwd", "1", ""] {
      expectError("no such entry") {
        try load(Pickle.tensor(Pickle.storage(key: key, count: 1), sizes: [1], strides: [1]))
      }
    }
  }

  @Test func `an unknown byte order`() throws {
    let pickle = Pickle.head + [0x7D] + Pickle.stop
    let file = ZipMaker.file([
      ZipMaker.Entry(name: "a/data.pkl", bytes: pickle),
      ZipMaker.Entry(name: "a/byteorder", bytes: Array("middle".utf8)),
    ])
    try withFile(file) { path in
      expectError("the byte order is 'little' or 'big', got 'middle'") {
        try TorchScript.loadStateDict(path)
      }
    }
  }

  /// Opens a damaged file and reads all of it. Either works or throws; nothing else may happen.
  private func readAll(_ path: String) throws {
    for (_, tensor) in try TorchScript.loadStateDict(path) {
      _ = try tensor.converted(to: .float64).compacted().array(of: Double.self)
    }
  }

  @Test(arguments: ["small.pth", "small_legacy.pth", "linear.pt"])
  func `cut short at every length`(_ name: String) throws {
    let bytes = try fixtureBytes(name)
    try withFile([]) { path in
      for count in bytes.indices {
        try Data(bytes[..<count]).write(to: URL(filePath: path))
        #expect(throws: MartletError.self, "\(count) bytes") { try readAll(path) }
      }
    }
  }

  @Test(arguments: ["small.pth", "small_legacy.pth", "deflated.pth"])
  func `every byte damaged`(_ name: String) throws {
    let bytes = try fixtureBytes(name)
    let flips: [UInt8] = [0xFF, 0x01, 0x80]
    try withFile(bytes) { path in
      for index in bytes.indices {
        var damaged = bytes
        damaged[index] ^= flips[index % flips.count]
        try Data(damaged).write(to: URL(filePath: path))
        do { try readAll(path) } catch is MartletError {}
      }
    }
  }

  @Test func `a changed value is found by its checksum`() throws {
    var bytes = try fixtureBytes("small.pth")
    let one: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: one) })
    bytes[place] = 1
    try withFile(bytes) { path in
      expectError("wrong CRC-32") { try TorchScript.loadStateDict(path) }
    }
  }
}
