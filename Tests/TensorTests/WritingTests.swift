import Foundation
import MartletTensor
import TestSupport
import Testing

/// A tensor is a value: writing one changes no other, and never a file.
@Suite struct WritingTests {
  private func write(_ value: Float, at place: Int, in tensor: inout Tensor) throws {
    try tensor.withMutableElements(as: Float.self) { $0[place] = value }
  }

  @Test func aSharedStorageIsCopiedOnce() throws {
    var a = try Tensor([1, 2, 3] as [Float])
    let b = a
    try write(9, at: 0, in: &a)
    #expect(try a.array(of: Float.self) == [9, 2, 3])
    #expect(try b.array(of: Float.self) == [1, 2, 3])
    #expect(a.storage !== b.storage)
    let own = ObjectIdentifier(a.storage)
    try write(8, at: 1, in: &a)
    #expect(ObjectIdentifier(a.storage) == own)
    #expect(try a.array(of: Float.self) == [9, 8, 3])
  }

  @Test func viewsKeepTheirValues() throws {
    var whole = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    var turned = whole.viewed(Layout(sizes: [3, 2], strides: [1, 3]))
    try write(9, at: 1, in: &turned)
    #expect(try turned.array(of: Float.self) == [1, 9, 2, 5, 3, 6])
    #expect(turned.isContiguous)
    #expect(try whole.array(of: Float.self) == [1, 2, 3, 4, 5, 6])
    let row = whole.viewed(Layout(sizes: [3], strides: [1], offset: 3))
    try write(7, at: 3, in: &whole)
    #expect(try row.array(of: Float.self) == [4, 5, 6])
  }

  @Test func anExpandedViewIsSpreadOut() throws {
    let one = try Tensor([5] as [Float])
    var spread = one.viewed(Layout(sizes: [3], strides: [0]))
    try write(6, at: 1, in: &spread)
    #expect(try spread.array(of: Float.self) == [5, 6, 5])
    #expect(try one.array(of: Float.self) == [5])
  }

  @Test func mappedFilesAreNeverWritten() throws {
    let file = try #require(FileFixtures.shared.safetensors.first { $0.name == "one" }).file
    try withFile(file) { path in
      let weights = try SafeTensors(path: path)
      // The only tensor that refers to its storage, and yet not the storage's owner.
      var mine = try weights.tensor("x")
      #expect(mine.storage.isReadOnly)
      try write(42, at: 0, in: &mine)
      #expect(!mine.storage.isReadOnly)
      #expect(try mine.array(of: Float.self) == [42, 1, 2])
      #expect(try weights.tensor("x").array(of: Float.self) == [0, 1, 2])
      #expect(try Data(contentsOf: URL(filePath: path)) == file)

      let view = try weights.tensor("x")
      let message = "the values lie in a file that is mapped read-only; write to a copy instead"
      expectError(message, kind: .value) {
        try view.writeUnshared(as: Float.self) { $0[0] = 1 }
      }
      expectError(message) { try view.overwrite(bytes: [UInt8](repeating: 0, count: 12)) }
      expectError(message) { try Tensor([1, 2, 3] as [Int64]).convert(into: view) }
    }
  }

  @Test func weightsOutliveTheirReader() throws {
    let file = try #require(FileFixtures.shared.safetensors.first { $0.name == "one" }).file
    let tensor = try withFile(file) { path in try SafeTensors(path: path).tensor("x") }
    // The file's name is gone by now; its bytes are not.
    #expect(try tensor.array(of: Float.self) == [0, 1, 2])
  }

  @Test func metaTensorsCannotBeWritten() throws {
    var meta = try Tensor.meta([2], .float32)
    expectError("a meta tensor has a shape and a dtype but no values to read", kind: .value) {
      try meta.withMutableElements(as: Float.self) { $0[0] = 1 }
    }
  }
}
